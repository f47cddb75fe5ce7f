import type { SimulatedAccountState } from './account-state.ts';
import { type Exchange, header } from './exchange.ts';
import { badRequest, sendBody } from './respond.ts';
import { escaped, sendEndlessPage, sendPage } from './sign-in-pages.ts';

/** What every authorization request must say (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
const REQUIRED = ['client_id', 'redirect_uri', 'state', 'code_challenge'];

/** Paths of the redirects that are registered for the public client: a listener on this computer, the hosted page. */
const REDIRECT_PATHS = ['/callback', '/oauth/code/callback'];

/**
 * `GET /oauth/authorize`: a choice of subscription accounts, then (`login=<name>`) the question whether to consent. The
 * answer goes to the redirect as a code or, with `decline`, as `access_denied`. `account=<name>` consents at once.
 */
export function authorize(exchange: Exchange): void {
  const { query, world } = exchange;
  const fault = faultOf(query);
  if (fault !== null) {
    badRequest(exchange, fault);
    return;
  }
  const named = (name: string): SimulatedAccountState | undefined =>
    world.accounts.all().find((account) => account.name === query.get(name));
  const consenting = named('account');
  const asked = named('login');
  if (query.has('decline')) decline(exchange);
  else if (consenting !== undefined) consent(exchange, consenting);
  else if (world.signIn.behaviour === 'never') sendEndlessPage(exchange);
  else if (asked === undefined) sendPage(exchange, 'Simulated sign-in', choices(exchange));
  else sendPage(exchange, 'Simulated sign-in', question(exchange, asked));
}

function faultOf(query: URLSearchParams): string | null {
  const missing = REQUIRED.find((name) => !query.get(name));
  if (missing !== undefined || query.get('code_challenge_method') !== 'S256') {
    return `${missing ?? 'code_challenge_method'} is missing or not supported`;
  }
  const redirect = query.get('redirect_uri') ?? '';
  const known = URL.canParse(redirect) && REDIRECT_PATHS.includes(new URL(redirect).pathname);
  return known ? null : 'Redirect URI is not supported by client.';
}

function consent(exchange: Exchange, account: SimulatedAccountState): void {
  const { query, world } = exchange;
  const code = world.newId('code_');
  const request = {
    clientId: query.get('client_id') ?? '',
    redirectUri: query.get('redirect_uri') ?? '',
    state: query.get('state') ?? '',
    codeChallenge: query.get('code_challenge') ?? '',
    scopes: (query.get('scope') ?? '').split(' ').filter((scope) => scope !== ''),
  };
  world.codes.issue(code, account, request, world.clock.now());
  comeBack(exchange, { code });
}

function decline(exchange: Exchange): void {
  comeBack(exchange, { error: 'access_denied', error_description: 'The user denied the request.' });
}

/** Sends the browser to the redirect, or wherever the behaviour of the moment says. */
function comeBack(exchange: Exchange, answer: Record<string, string>): void {
  const { behaviour } = exchange.world.signIn;
  if (behaviour === 'download') {
    sendBody(exchange, 200, Buffer.from('This file must never be saved.'), {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="invoice.exe"',
    });
    return;
  }
  const state = behaviour === 'wrong-state' ? 'state-of-somebody-else' : (exchange.query.get('state') ?? '');
  const target = new URL(destination(exchange));
  for (const [name, value] of Object.entries({ ...answer, state })) target.searchParams.set(name, value);
  exchange.res.writeHead(302, { location: target.href, 'content-length': '0' }).end();
}

function destination({ world, query, req }: Exchange): string {
  switch (world.signIn.behaviour) {
    case 'foreign-redirect':
      return `http://evil.localhost:${req.socket.localPort}/stolen`;
    case 'foreign-redirect-https':
      return 'https://evil.example/stolen';
    case 'external-protocol':
      return 'evil-program://run';
    default:
      return query.get('redirect_uri') ?? '';
  }
}

function choices(exchange: Exchange): string {
  const base = new URL(exchange.req.url ?? '/', `http://${header(exchange, 'host') ?? '127.0.0.1'}`);
  const accounts = exchange.world.accounts.all().filter((account) => account.kind === 'oauth');
  const items = accounts.map(({ name }) => {
    base.searchParams.set('login', name);
    return `<li><a href="${escaped(base.pathname + base.search)}">${escaped(name)}</a></li>`;
  });
  return `<p>Sign in as</p><ul>${items.join('')}</ul>${popups(exchange)}`;
}

function question(exchange: Exchange, account: SimulatedAccountState): string {
  const { query, path } = exchange;
  const fields = [...query].filter(([name]) => name !== 'login');
  const hidden = fields.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const scopes = (query.get('scope') ?? '').split(' ').map((scope) => `<li>${escaped(scope)}</li>`);
  return `<p>An application asks for access to the account of ${escaped(account.email)}.</p>
<ul>${scopes.join('')}</ul>
<form action="${escaped(path)}">${hidden.join('')}
<button name="account" value="${escaped(account.name)}">Authorize</button>
<button name="decline" value="1">Decline</button>
</form>${popups(exchange)}`;
}

/** One window without asking, and a link for one. */
function popups({ world }: Exchange): string {
  if (world.signIn.behaviour !== 'popup') return '';
  return `<a href="/stolen?by=link" target="_blank">Open help</a><script>window.open('/stolen?by=script')</script>`;
}
