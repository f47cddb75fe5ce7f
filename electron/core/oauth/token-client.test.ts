import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProviderRequest } from './provider-request.ts';
import { createTokenClient } from './token-client.ts';

const SECRET = 'sk-ant-ort01-very-secret-refresh-token';

let server: Server;
let url: string;
let received: { headers: Record<string, unknown>; body: unknown }[];
let respond: (res: ServerResponse) => void;

beforeEach(async () => {
  received = [];
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk) => {
      text += chunk;
    });
    req.on('end', () => {
      received.push({ headers: req.headers, body: JSON.parse(text) });
      respond(res);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/oauth/token`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (res: ServerResponse): void => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const clientOf = (timeoutMs = 5000) =>
  createTokenClient({ clientId: () => 'client', request: createProviderRequest({ timeoutMs }) });
const refresh = (timeoutMs = 5000) => clientOf(timeoutMs).refresh(url, SECRET);

test('sends the refresh grant as JSON and reads the tokens', async () => {
  respond = answer(200, {
    access_token: 'new-access',
    refresh_token: 'new-refresh',
    expires_in: 28_800,
    scope: 'a',
  });
  expect(await refresh()).toEqual({
    ok: true,
    accessToken: 'new-access',
    refreshToken: 'new-refresh',
    expiresInSeconds: 28_800,
  });
  expect(received[0]?.body).toEqual({
    grant_type: 'refresh_token',
    refresh_token: SECRET,
    client_id: 'client',
  });
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'anthropic-beta': 'oauth-2025-04-20',
    'user-agent': 'ccflare-desktop',
  });
});

test('a grant without a refresh token keeps the old one', async () => {
  respond = answer(200, { access_token: 'a', expires_in: 60 });
  expect(await refresh()).toMatchObject({ ok: true, refreshToken: null });
});

test.each([
  { error: 'invalid_grant', error_description: 'Refresh token not found or invalid' },
  { error: { type: 'invalid_grant', message: 'Refresh token not found or invalid' } },
])('a refused refresh token is final: %j', async (body) => {
  respond = answer(400, body);
  expect(await refresh()).toEqual({
    ok: false,
    definitive: true,
    reason: 'The token endpoint answered 400 (invalid_grant: Refresh token not found or invalid).',
    retryAfterMs: null,
  });
});

test('429 passes, after the pause that was asked for', async () => {
  respond = answer(
    429,
    { error: { type: 'rate_limit_error', message: 'slow down' } },
    { 'retry-after': '120' },
  );
  expect(await refresh()).toMatchObject({ ok: false, definitive: false, retryAfterMs: 120_000 });
});

test.each([
  [503, '<html>down</html>'],
  [200, 'not json'],
  [200, { expires_in: 60 }],
  [200, { access_token: 'a b', expires_in: 60 }],
  [400, { error: 'something_new' }],
  [500, { error: 'invalid_grant' }],
  [401, { error: 'invalid_client', error_description: 'Unknown client' }],
  [400, { error: 'unauthorized_client' }],
] as const)('trouble of the endpoint passes: %s %j', async (status, body) => {
  respond = answer(status, body);
  expect(await refresh()).toMatchObject({ ok: false, definitive: false });
});

test.each([undefined, null, 0, '28800'])(
  'tokens whose end is not stated (%j) are not lost',
  async (expires_in) => {
    respond = answer(200, { access_token: 'a', refresh_token: 'rotated', expires_in });
    expect(await refresh()).toEqual({
      ok: true,
      accessToken: 'a',
      refreshToken: 'rotated',
      expiresInSeconds: 3600,
    });
  },
);

test('a redirect is not followed, so that the token goes nowhere else', async () => {
  respond = answer(307, '', { location: url });
  expect(await refresh()).toMatchObject({ ok: false, definitive: false });
  expect(received).toHaveLength(1);
});

test('an answer without end is cut off at 64 KB', async () => {
  respond = answer(200, { access_token: 'a', expires_in: 60, padding: 'x'.repeat(100_000) });
  expect(await refresh()).toMatchObject({ ok: false, definitive: false });
});

test('an endpoint that never answers is given up', async () => {
  respond = () => undefined;
  expect(await refresh(50)).toEqual({
    ok: false,
    definitive: false,
    reason: 'The token endpoint did not answer in time.',
    retryAfterMs: null,
  });
});

test('an endpoint that stops in the middle of its answer is given up', async () => {
  respond = (res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.write('{"access_token":');
  };
  expect(await refresh(100)).toMatchObject({ ok: false, definitive: false });
});

test('nobody there: soon again', async () => {
  expect(await clientOf().refresh('http://127.0.0.1:1/token', SECRET)).toMatchObject({
    ok: false,
    definitive: false,
    retryAfterMs: 5000,
  });
});

test('an endpoint that repeats the token does not get it into the words', async () => {
  respond = answer(400, { error: 'invalid_grant', error_description: `no such token ${SECRET}` });
  expect(JSON.stringify(await refresh())).not.toContain(SECRET);
});

const CODE = 'code-short';
const VERIFIER = 'v'.repeat(43);
const exchange = (timeoutMs = 5000) =>
  clientOf(timeoutMs).exchange({
    tokenUrl: url,
    code: CODE,
    state: 'state-short',
    redirectUri: 'http://localhost:1/callback',
    verifier: VERIFIER,
  });

test('sends the code grant as JSON and reads tokens, scope and owner', async () => {
  respond = answer(200, {
    token_type: 'Bearer',
    access_token: 'access',
    refresh_token: 'refresh',
    expires_in: 28_800,
    scope: 'user:profile user:inference',
    account: { uuid: 'person', email_address: 'me@example.com' },
    organization: { uuid: 'org', name: 'Org' },
  });
  expect(await exchange()).toEqual({
    ok: true,
    accessToken: 'access',
    refreshToken: 'refresh',
    expiresInSeconds: 28_800,
    scope: 'user:profile user:inference',
    owner: {
      accountId: 'person',
      email: 'me@example.com',
      organizationId: 'org',
      organizationName: 'Org',
    },
  });
  expect(received[0]?.body).toEqual({
    grant_type: 'authorization_code',
    code: CODE,
    state: 'state-short',
    client_id: 'client',
    redirect_uri: 'http://localhost:1/callback',
    code_verifier: VERIFIER,
  });
});

test('a login counts by its tokens; what is odd besides them is left out', async () => {
  respond = answer(200, { access_token: 'a', expires_in: 'soon', scope: 7, account: [], organization: 'x' });
  expect(await exchange()).toMatchObject({
    ok: true,
    refreshToken: null,
    expiresInSeconds: null,
    scope: null,
    owner: { accountId: null, email: null, organizationId: null, organizationName: null },
  });
});

test('a refused code says why, without the code or the verifier', async () => {
  respond = answer(
    400,
    { error: 'invalid_grant', error_description: `no ${CODE} with ${VERIFIER} or state-short` },
    { 'retry-after': '60' },
  );
  const refused = await exchange();
  expect(refused).toMatchObject({ ok: false, reached: true, retryAfterMs: 60_000 });
  expect(JSON.stringify(refused)).toContain('invalid_grant: no [hidden] with [hidden] or [hidden]');
});

test.each(['not json', { access_token: 'a b', expires_in: 60 }, { expires_in: 60 }])(
  'an answer without usable tokens is no login: %j',
  async (body) => {
    respond = answer(200, body);
    expect(await exchange()).toMatchObject({ ok: false, reached: true });
  },
);

test('an endpoint that never answers a code was not reached', async () => {
  respond = () => undefined;
  expect(await exchange(50)).toMatchObject({ ok: false, reached: false });
});
