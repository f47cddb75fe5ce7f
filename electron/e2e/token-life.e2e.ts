import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import { hold, type Simulator, startSimulator } from '../simulator/simulator.ts';
import { ask, CLIENT_KEY, sdk } from '../testing/traffic.ts';
import { eventually, type RunningApp, startApp } from './app.ts';

describe('the life of a token', () => {
  const dataDir = newUserFolder('tokens');
  const login = {
    name: 'max',
    kind: 'oauth' as const,
    secret: 'sk-ant-oat01-life-SECRET-aaaaaaaaaaaa',
    refreshToken: 'sk-ant-ort01-life-SECRET-bbbbbbbbbbbb',
  };
  let upstream: Simulator;
  let app: RunningApp;

  beforeAll(async () => {
    upstream = await startSimulator({ accounts: [{ ...login, expiresAt: Date.now() - 1000 }] });
    app = await startApp({
      dataDir,
      args: ['--no-window'],
      provision: {
        clientKeys: [{ name: 'e2e', key: CLIENT_KEY }],
        accounts: [
          {
            name: 'max',
            kind: 'oauth',
            accessToken: login.secret,
            refreshToken: login.refreshToken,
            expiresAt: Date.now() - 1000,
            baseUrl: upstream.url,
            tokenUrl: `${upstream.url}/v1/oauth/token`,
          },
        ],
      },
    });
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

  it('killed between the renewal and the next request: no token is lost', async () => {
    upstream.account('max').expireAccessTokens();
    // From the renewal on, requests get no answer.
    const { behaviour, release } = hold();
    const stopWatching = upstream.onRequest(({ url }) => {
      if (url.startsWith('/v1/oauth/token'))
        stopHolding = upstream.script({ path: '/v1/messages' }, behaviour);
    });
    let stopHolding = (): void => {};
    const lost = ask(sdk(app.url), 1).catch((error: unknown) => error);
    await eventually('the renewal', () => upstream.account('max').refreshes === 3);
    await app.stop('SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    stopWatching();
    stopHolding();
    release();
    app = await startApp({ dataDir, args: ['--no-window'] });
    expect(await ask(sdk(app.url), 2)).not.toBe('');
    expect(upstream.account('max').refreshes).toBe(3);
  });
});
