import { type Exchange, header } from './exchange.ts';
import { badRequest, sendBody } from './respond.ts';

/**
 * `GET /oauth/authorize`: lists the subscription accounts to sign in with; with `account=<name>` it consents at once.
 * A loopback redirect gets the code as a query, any other shows `code#state` to copy.
 */
export function authorize(exchange: Exchange): void {
  const { query, world } = exchange;
  const missing = ['client_id', 'redirect_uri', 'state', 'code_challenge'].find((name) => !query.get(name));
  if (missing !== undefined || query.get('code_challenge_method') !== 'S256') {
    badRequest(exchange, `${missing ?? 'code_challenge_method'} is missing or not supported`);
    return;
  }
  const chosen = world.accounts.all().find((account) => account.name === query.get('account'));
  if (!chosen) {
    sendPage(exchange, choices(exchange));
    return;
  }
  const code = world.newId('code_');
  const redirectUri = query.get('redirect_uri') ?? '';
  const request = {
    clientId: query.get('client_id') ?? '',
    redirectUri,
    state: query.get('state') ?? '',
    codeChallenge: query.get('code_challenge') ?? '',
    scopes: (query.get('scope') ?? '').split(' ').filter((scope) => scope !== ''),
  };
  world.codes.issue(code, chosen, request, world.clock.now());
  deliver(exchange, code, redirectUri, request.state);
}

function deliver(exchange: Exchange, code: string, redirectUri: string, state: string): void {
  if (!/^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(redirectUri)) {
    sendPage(exchange, `<p>Authentication code</p><code id="code">${escaped(`${code}#${state}`)}</code>`);
    return;
  }
  const target = new URL(redirectUri);
  target.searchParams.set('code', code);
  target.searchParams.set('state', state);
  exchange.res.writeHead(302, { location: target.href, 'content-length': '0' }).end();
}

function choices(exchange: Exchange): string {
  const base = new URL(exchange.req.url ?? '/', `http://${header(exchange, 'host') ?? '127.0.0.1'}`);
  const accounts = exchange.world.accounts.all().filter((account) => account.kind === 'oauth');
  const items = accounts.map(({ name }) => {
    base.searchParams.set('account', name);
    return `<li><a href="${escaped(base.pathname + base.search)}">${escaped(name)}</a></li>`;
  });
  return `<p>Sign in as</p><ul>${items.join('')}</ul>`;
}

function sendPage(exchange: Exchange, body: string): void {
  const html = `<!doctype html><meta charset="utf-8"><title>Simulated sign-in</title><h1>Simulated sign-in</h1>${body}`;
  sendBody(exchange, 200, Buffer.from(html), { 'content-type': 'text/html; charset=utf-8' });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
