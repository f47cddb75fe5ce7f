import type { SignInTicket } from '../core/thread-contract.ts';

/** What becomes of an address that the sign-in window is about to go to. */
export type Decision = 'load' | 'redirect' | 'stop';

/** The two addresses of a sign-in that decide everything. */
export type SignInAddresses = Pick<SignInTicket, 'url' | 'redirectUri'>;

/**
 * Hosts whose pages the sign-in window shows, besides those of the ticket; a name that begins with a dot stands for
 * everything below it. A company with a login page of its own is not among them: its people sign in with their browser.
 */
const SIGN_IN_HOSTS: readonly string[] = [
  // The provider: entry, login, consent, console, and the terms that the login page links to.
  'claude.ai',
  'claude.com',
  'platform.claude.com',
  'console.anthropic.com',
  'anthropic.com',
  'www.anthropic.com',
  // "Continue with Google"; its last step goes through the second host.
  'accounts.google.com',
  'accounts.youtube.com',
  // "Continue with Apple".
  'appleid.apple.com',
  // Microsoft accounts at work and at home.
  'login.microsoftonline.com',
  'login.microsoft.com',
  'login.live.com',
  // Single sign-on of organisations: the provider's own broker, then the common identity providers.
  'api.workos.com',
  'auth.workos.com',
  '.okta.com',
  '.okta-emea.com',
  '.auth0.com',
  '.onelogin.com',
  '.pingone.com',
  '.jumpcloud.com',
  '.duosecurity.com',
];

/** What a shown page may fetch: nothing in clear text, no file, nothing of the app's own. */
const PART_PROTOCOLS: readonly string[] = ['https:', 'wss:', 'data:', 'blob:'];

/** Frames begin as an empty page or as one that the page wrote itself. */
const FRAME_PROTOCOLS: readonly string[] = ['https:', 'blob:', 'about:'];

/**
 * What becomes of an address in the window's main frame. `redirect`: the provider comes back with its answer, which
 * is taken from the address and never loaded. Addresses are parsed and compared whole, never by their beginning. Pure.
 */
export function decideNavigation(address: string, ticket: SignInAddresses): Decision {
  const url = parse(address);
  if (url === null || url.username !== '' || url.password !== '') return 'stop';
  const redirect = parse(ticket.redirectUri);
  if (redirect !== null && url.origin === redirect.origin && url.pathname === redirect.pathname)
    return 'redirect';
  return isShown(url, ticket) ? 'load' : 'stop';
}

/** The same for what a shown page fetches, and for the frames in it, which need no fixed hosts. Pure. */
export function decidePart(
  address: string,
  kind: 'frame' | 'part',
  ticket: SignInAddresses,
): Exclude<Decision, 'redirect'> {
  const url = parse(address);
  if (url === null) return 'stop';
  const allowed = kind === 'frame' ? FRAME_PROTOCOLS : PART_PROTOCOLS;
  if (allowed.includes(url.protocol)) return 'load';
  const test = testOrigin(ticket);
  return test !== null && [test, test.replace('http:', 'ws:')].includes(`${url.protocol}//${url.host}`)
    ? 'load'
    : 'stop';
}

/** Whether an address may be handed to the system's browser: https, or http to this computer. Pure. */
export function mayOpenInBrowser(address: string): boolean {
  const url = parse(address);
  return url !== null && (url.protocol === 'https:' || isLoopbackHttp(url));
}

/**
 * Title of the window while a page is shown: where it really comes from, which the page itself cannot change. Names
 * in other scripts stand in their ASCII form, so that none looks like another. Pure.
 */
export function windowTitle(title: string, address: string): string {
  // A page that another one wrote (`blob:`) carries that one's origin.
  const url = parse(parse(address)?.origin ?? '');
  return url === null ? title : `${title} - ${url.host} (${url.protocol.slice(0, -1)})`;
}

/**
 * What the user is told when an address was stopped, as part of a sentence that offers the browser instead; null for links that are no web pages (mail, other programs),
 * which are passed over in silence. Pure.
 */
export function stopWords(address: string): string | null {
  const url = parse(address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  const host = url.host.slice(0, 100);
  const why = url.protocol === 'https:' ? '' : ' without encryption';
  return `the page wanted to go on to ${host}${why}, which this window does not open`;
}

/**
 * The same when the page wanted a second window for one of the known logins, without which it cannot go on; null for
 * any other second window. Pure.
 */
export function popupWords(address: string): string | null {
  const url = parse(address);
  if (url === null || !isKnownHost(url)) return null;
  return `this login needs a second window for ${url.host}, which is not opened here`;
}

function isShown(url: URL, ticket: SignInAddresses): boolean {
  if (isKnownHost(url)) return true;
  if (url.origin === testOrigin(ticket)) return true;
  return (
    url.protocol === 'https:' &&
    [ticket.url, ticket.redirectUri].some((known) => parse(known)?.origin === url.origin)
  );
}

/** Standard port only: `URL.host` carries any other. */
function isKnownHost(url: URL): boolean {
  if (url.protocol !== 'https:') return false;
  return SIGN_IN_HOSTS.some((known) =>
    known.startsWith('.') ? url.host.endsWith(known) : url.host === known,
  );
}

/** Origin of a sign-in page on this computer, in clear text: a test set-up. Null for every real one. */
function testOrigin(ticket: SignInAddresses): string | null {
  const url = parse(ticket.url);
  return url !== null && isLoopbackHttp(url) ? url.origin : null;
}

function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
