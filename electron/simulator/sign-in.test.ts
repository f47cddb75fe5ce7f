import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';
import { type Answer, call, json } from './testing/request.ts';

const VERIFIER = 'v'.repeat(43);
const STATE = 's"<&>tate';
const LOOPBACK = 'http://localhost:5000/callback';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({
    accounts: [
      { name: 'plan', kind: 'oauth', secret: 'sk-ant-oat01-test' },
      { name: 'a "second" <plan>', kind: 'oauth', secret: 'sk-ant-oat01-second' },
      { name: 'key', kind: 'api-key', secret: 'sk-ant-api03-test' },
    ],
  });
});

afterEach(() => simulator.close());

const authorizeUrl = (redirectUri: string, more: Record<string, string> = {}, path = '/oauth/authorize') =>
  `${simulator.url}${path}?${new URLSearchParams({
    code: 'true',
    client_id: 'client',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'user:profile user:inference',
    state: STATE,
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })}`;

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** Follows the link with this text, as a person would. */
function follow(page: Answer, text: string): Promise<Answer> {
  const links = [...page.body.toString().matchAll(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g)];
  const link = links.find((match) => unescaped(match[2] ?? '') === text);
  return call(new URL(unescaped(link?.[1] ?? 'no such link'), simulator.url).href);
}

/** Presses the button with this text: sends its form as a browser does. */
function press(page: Answer, text: string): Promise<Answer> {
  const html = page.body.toString();
  const fields = new URLSearchParams();
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
    fields.append(unescaped(name ?? ''), unescaped(value ?? ''));
  }
  const [, name, value] =
    new RegExp(`<button name="([^"]*)" value="([^"]*)">${text}</button>`).exec(html) ?? [];
  fields.append(unescaped(name ?? ''), unescaped(value ?? ''));
  const action = /<form action="([^"]*)">/.exec(html)?.[1] ?? '';
  return call(`${simulator.url}${action}?${fields}`);
}

const locationOf = (answer: Answer): URL => {
  expect(answer.status).toBe(302);
  return new URL(answer.headers.location ?? '');
};

const exchange = (code: string, redirectUri: string): Promise<Answer> =>
  call(`${simulator.url}/v1/oauth/token`, {
    headers: { 'content-type': 'application/json' },
    body: {
      grant_type: 'authorization_code',
      client_id: 'client',
      code,
      state: STATE,
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    },
  });

test.each(['/oauth/authorize', '/cai/oauth/authorize'])(
  'a person chooses an account, agrees, and comes back with a code that is good: %s',
  async (path) => {
    const choice = await call(authorizeUrl(LOOPBACK, {}, path));
    expect(choice.headers['content-type']).toContain('text/html');
    expect(choice.body.toString()).not.toContain('>key<');
    const question = await follow(choice, 'plan');
    expect(question.body.toString()).toContain('plan@example.com');
    expect(question.body.toString()).toContain('user:inference');
    const target = locationOf(await press(question, 'Authorize'));
    expect(target.origin + target.pathname).toBe(LOOPBACK);
    expect(target.searchParams.get('state')).toBe(STATE);
    const tokens = json(await exchange(target.searchParams.get('code') ?? '', LOOPBACK));
    expect(tokens).toMatchObject({ scope: 'user:profile user:inference' });
  },
);

test('an account whose name is full of markup can be chosen', async () => {
  const question = await follow(await call(authorizeUrl(LOOPBACK)), 'a "second" <plan>');
  const target = locationOf(await press(question, 'Authorize'));
  expect((await exchange(target.searchParams.get('code') ?? '', LOOPBACK)).status).toBe(200);
});

test('a person who declines comes back with the reason and no code', async () => {
  const question = await follow(await call(authorizeUrl(LOOPBACK)), 'plan');
  const { searchParams } = locationOf(await press(question, 'Decline'));
  expect(Object.fromEntries(searchParams)).toEqual({
    error: 'access_denied',
    error_description: 'The user denied the request.',
    state: STATE,
  });
});

describe('the hosted redirect', () => {
  test('shows code and state to copy', async () => {
    const hosted = `${simulator.url}/oauth/code/callback`;
    const target = locationOf(await call(authorizeUrl(hosted, { account: 'plan' })));
    expect(target.origin + target.pathname).toBe(hosted);
    const page = (await call(target.href)).body.toString();
    const shown = unescaped(/<code id="code">([^<]*)<\/code>/.exec(page)?.[1] ?? '');
    const [code = '', ...state] = shown.split('#');
    expect(state.join('#')).toBe(STATE);
    expect((await exchange(code, hosted)).status).toBe(200);
  });

  test('says why there is no code', async () => {
    const hosted = `${simulator.url}/oauth/code/callback`;
    const target = locationOf(await call(authorizeUrl(hosted, { decline: '1' })));
    expect((await call(target.href)).body.toString()).toContain('The user denied the request.');
  });

  test('of somebody else is gone to as well', async () => {
    const hosted = 'https://platform.example/oauth/code/callback';
    const target = locationOf(await call(authorizeUrl(hosted, { account: 'plan' })));
    expect(target.origin + target.pathname).toBe(hosted);
    expect(target.searchParams.get('state')).toBe(STATE);
  });
});

test.each([
  'not an address',
  'http://localhost:5000/elsewhere',
  'https://platform.example/auth/code/callback',
])('a redirect that is not registered is refused: %s', async (redirectUri) => {
  const answer = await call(authorizeUrl(redirectUri, { account: 'plan' }));
  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toContain('not supported by client');
});

describe('misbehaviour', () => {
  const consent = () => call(authorizeUrl(LOOPBACK, { account: 'plan' }));

  test('wrong-state comes back with a state of its own', async () => {
    simulator.signIn.behaviour = 'wrong-state';
    const target = locationOf(await consent());
    expect(target.origin + target.pathname).toBe(LOOPBACK);
    expect(target.searchParams.get('code')).toMatch(/^code_/);
    expect(target.searchParams.get('state')).not.toBe(STATE);
  });

  test.each([
    ['foreign-redirect', /^http:\/\/evil\.localhost:\d+\/stolen\?code=code_/],
    ['foreign-redirect-https', /^https:\/\/evil\.example\/stolen\?code=code_/],
    ['external-protocol', /^evil-program:\/\/run\?code=code_/],
  ] as const)('%s takes the code elsewhere', async (behaviour, address) => {
    simulator.signIn.behaviour = behaviour;
    expect(locationOf(await consent()).href).toMatch(address);
  });

  test('foreign-redirect leads to this simulator, so that a visit is seen', async () => {
    simulator.signIn.behaviour = 'foreign-redirect';
    const { port, pathname, search } = locationOf(await consent());
    await call(`http://127.0.0.1:${port}${pathname}${search}`);
    expect(simulator.requests.at(-1)?.url).toMatch(/^\/stolen\?code=/);
  });

  test('download sends a file', async () => {
    simulator.signIn.behaviour = 'download';
    expect((await consent()).headers['content-disposition']).toContain('attachment');
  });

  test('popup opens a window and offers a link that does; consent still works', async () => {
    simulator.signIn.behaviour = 'popup';
    for (const more of [{}, { login: 'plan' }]) {
      const page = (await call(authorizeUrl(LOOPBACK, more))).body.toString();
      expect(page).toContain('window.open(');
      expect(page).toContain('target="_blank"');
    }
    expect(locationOf(await consent()).origin).toBe('http://localhost:5000');
  });

  test('never sends a page that does not end', async () => {
    simulator.signIn.behaviour = 'never';
    const arrived = simulator.nextRequest();
    const answer = call(authorizeUrl(LOOPBACK));
    await arrived;
    const open = { status: 0, complete: true };
    expect(await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, open))])).toBe(open);
    await simulator.close();
    expect(await answer).toMatchObject({ status: 200, complete: false });
  });

  test('back to normal, the next request is answered as ever', async () => {
    simulator.signIn.behaviour = 'wrong-state';
    await consent();
    simulator.signIn.behaviour = 'normal';
    expect(locationOf(await consent()).searchParams.get('state')).toBe(STATE);
  });
});
