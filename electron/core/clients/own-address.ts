/** What an address in somebody's settings leads to. */
export type AddressFacts =
  /** This app. `current`: with the port of now and a key that opens it. */
  | { readonly kind: 'own'; readonly current: boolean }
  /** Something else on this computer. */
  | { readonly kind: 'local'; readonly host: string; readonly looksLike: string | null }
  | { readonly kind: 'remote'; readonly host: string }
  /** No address, or one that a shell puts together. */
  | { readonly kind: 'unclear' };

/** What recognising our own address takes. */
export type Recognition = {
  /** Port the proxy listens on now; null while it does not. */
  readonly port: number | null;
  /** Ports it was set up with before. */
  readonly formerPorts: readonly number[];
  readonly isOwnKey: (secret: string) => boolean;
  readonly keyRequired: boolean;
};

/** Default ports of other local proxies for the same client, from their documentation. */
const KNOWN_PORTS: Readonly<Record<number, string>> = {
  3456: 'Claude Code Router',
  8080: 'the ccflare command-line tool',
  8317: 'CLIProxyAPI',
  15721: 'cc-switch',
};

/** How keys made by this app begin; one that is not known any more still says who wrote the address. */
const KEY_START = 'cck_';

/** The address for a client that has no other place for a key. */
export function addressWithKey(port: number | string, key: string): string {
  return `http://127.0.0.1:${port}/k/${key}`;
}

/** Says what an address leads to. Pure; takes anything. */
export function readAddress(value: unknown, own: Recognition): AddressFacts {
  const url = typeof value === 'string' ? parse(value) : null;
  if (url === null) return { kind: 'unclear' };
  if (!isLoopback(url.hostname)) return { kind: 'remote', host: url.host };
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const key = keyIn(url.pathname);
  const keyFits = key === null ? !own.keyRequired : own.isOwnKey(key);
  if (port === own.port) return { kind: 'own', current: keyFits };
  const ours = key !== null && (key.startsWith(KEY_START) || own.isOwnKey(key));
  if (ours || own.formerPorts.includes(port)) return { kind: 'own', current: false };
  return { kind: 'local', host: url.host, looksLike: KNOWN_PORTS[port] ?? null };
}

/** The address without user name, password, path and query, any of which may be a secret. */
export function withoutSecrets(value: string): string {
  const url = parse(value);
  if (url === null) return '••••';
  if (keyIn(url.pathname) !== null) return `${url.origin}/k/••••`;
  return url.username === '' && url.pathname === '/' && url.search === '' ? value : `${url.origin}/••••`;
}

function parse(value: string): URL | null {
  if (!URL.canParse(value.trim())) return null;
  const url = new URL(value.trim());
  return /^https?:$/.test(url.protocol) ? url : null;
}

function isLoopback(host: string): boolean {
  return /^127(?:\.\d+){3}$/.test(host) || ['localhost', '[::1]', '0.0.0.0'].includes(host);
}

function keyIn(path: string): string | null {
  return /^\/k\/([^/]+)/.exec(path)?.[1] ?? null;
}
