/** Address of the proxy the system wants for an origin: `http://host:port`, or null for none. */
export type ProxyAnswer = { origin: string; proxy: string | null };

/**
 * The system's proxy, known without waiting. The first question about an origin is sent to the shell, which asks
 * Chromium; until the answer is there, the usual environment variables decide. An answer that differs from what
 * was used so far makes `onChange` drop the pooled sockets.
 */
export function createSystemProxy(deps: {
  env: Record<string, string | undefined>;
  ask: (origin: string) => void;
  onChange: () => void;
}) {
  const known = new Map<string, string | null>();
  const asked = new Set<string>();
  const current = (origin: string): string | null => known.get(origin) ?? fromEnvironment(deps.env, origin);
  return {
    lookUp(origin: string): string | null {
      if (!asked.has(origin)) {
        asked.add(origin);
        deps.ask(origin);
      }
      return current(origin);
    },
    answer({ origin, proxy }: ProxyAnswer): void {
      const before = current(origin);
      known.set(origin, proxy);
      if (current(origin) !== before) deps.onChange();
    },
    /** The network changed: ask again when needed. */
    forget(): void {
      asked.clear();
    },
  };
}

/** `HTTPS_PROXY` and `NO_PROXY`, in either case, as curl and most tools read them. */
function fromEnvironment(env: Record<string, string | undefined>, origin: string): string | null {
  const proxy = env.HTTPS_PROXY ?? env.https_proxy ?? '';
  if (proxy === '' || !URL.canParse(proxy)) return null;
  const host = new URL(origin).hostname;
  const exempt = (env.NO_PROXY ?? env.no_proxy ?? '')
    .split(',')
    .map((part) => part.trim().replace(/^\*?\./, ''));
  const isExempt = exempt.some(
    (part) => part === '*' || (part !== '' && (host === part || host.endsWith(`.${part}`))),
  );
  return isExempt ? null : proxy;
}
