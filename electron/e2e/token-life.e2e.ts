import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import { hold, type Simulator, startSimulator } from '../simulator/simulator.ts';
import { ask, CLIENT_KEY, sdk } from '../testing/traffic.ts';
import { type RunningApp, startApp } from './app.ts';

const LOGIN = {
  name: 'max',
  kind: 'oauth' as const,
  secret: 'sk-ant-oat01-life-SECRET-aaaaaaaaaaaa',
  refreshToken: 'sk-ant-ort01-life-SECRET-bbbbbbbbbbbb',
};

/** The login, as it was when its access token ended. */
function provisionEnded(upstream: Simulator): unknown {
  const account = {
    name: 'max',
    kind: 'oauth',
    accessToken: LOGIN.secret,
    refreshToken: LOGIN.refreshToken,
    expiresAt: Date.now() - 1000,
    baseUrl: upstream.url,
    tokenUrl: `${upstream.url}/v1/oauth/token`,
  };
  return { clientKeys: [{ name: 'e2e', key: CLIENT_KEY }], accounts: [account] };
}

/** The access token that the last renewal gave out, or null before the first. */
function renewedToken(upstream: Simulator): string | null {
  const { secret } = upstream.account(LOGIN.name);
  return secret === LOGIN.secret ? null : secret;
}

describe('the life of a token', () => {
  let upstream: Simulator;
  let app: RunningApp;

  beforeAll(async () => {
    upstream = await startSimulator({ accounts: [{ ...LOGIN, expiresAt: Date.now() - 1000 }] });
    app = await startApp({ args: ['--no-window'], provision: provisionEnded(upstream) });
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('50 requests at once that find it ended renew it once', async () => {
    const client = sdk(app.url);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(client, n)));
    expect(answers.every((text) => text !== '')).toBe(true);
    expect(upstream.account('max').refreshes).toBe(1);
  });

  it('a token refused in mid-use is renewed once, and the request is sent again', async () => {
    upstream.account('max').expireAccessTokens();
    expect(await ask(sdk(app.url), 1)).not.toBe('');
    expect(upstream.account('max').refreshes).toBe(2);
  });
});

describe('killed between the renewal and the next request', () => {
  it('no token is lost', async () => {
    const dataDir = newUserFolder('killed');
    const upstream = await startSimulator({ accounts: [{ ...LOGIN, expiresAt: Date.now() - 1000 }] });
    const { behaviour, release } = hold();
    const stopHolding = upstream.script({ path: '/v1/messages' }, behaviour);
    // The app stores new tokens before it uses them, so a request that carries one says that it has stored them.
    const used = upstream.nextRequest(
      ({ headers }) => headers.authorization === `Bearer ${renewedToken(upstream)}`,
    );
    let app = await startApp({ dataDir, args: ['--no-window'], provision: provisionEnded(upstream) });
    const lost = ask(sdk(app.url), 1).catch((error: unknown) => error);
    await used;
    await app.stop('SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    stopHolding();
    release();
    app = await startApp({ dataDir, args: ['--no-window'] });
    expect(await ask(sdk(app.url), 2)).not.toBe('');
    expect(upstream.account('max').refreshes).toBe(1);
    await app.stop();
    await upstream.close();
  });
});
