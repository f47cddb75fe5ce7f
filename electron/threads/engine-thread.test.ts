import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failures, type Simulator } from '../simulator/simulator.ts';
import { ask, CLIENT_KEY, provisionFor, SECRETS, sdk, startUpstream } from '../testing/traffic.ts';
import { startEngineThread } from './testing/engine-thread.ts';

let folder: string;
let upstream: Simulator;
const open: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccflare-engine-'));
  upstream = await startUpstream();
});
afterEach(async () => {
  for (const engine of open.splice(0)) await engine.stop();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A login that ended, as a file gives it. */
const endedLogin = () => ({
  name: 'max',
  kind: 'oauth',
  accessToken: upstream.account('max').secret,
  refreshToken: upstream.account('max').refreshToken,
  expiresAt: Date.now() - 1000,
  baseUrl: upstream.url,
  tokenUrl: `${upstream.url}/v1/oauth/token`,
});

/** The token endpoint gives the old refresh token up at once, and says the new one only when it is let go. */
function rotateNowAnswerLater(): { rotated: Promise<void>; answer: () => void } {
  const max = upstream.account('max');
  let answer = (): void => undefined;
  const rotated = new Promise<void>((resolve) => {
    const handle = (_req: IncomingMessage, res: ServerResponse): void => {
      max.refreshes += 1;
      max.setSecret('sk-ant-oat01-late-SECRET-eeeeeeee');
      max.setRefreshToken('sk-ant-ort01-late-SECRET-ffffffff');
      const body = { access_token: max.secret, refresh_token: max.refreshToken, expires_in: 28_800 };
      answer = () =>
        void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      resolve();
    };
    upstream.script({ path: '/v1/oauth/token', times: 1 }, { kind: 'custom', handle });
  });
  return { rotated, answer: () => answer() };
}

async function start(options: { provision?: unknown; env?: Record<string, string> } = {}) {
  const file = path.join(folder, 'provision.json');
  const provision = options.provision === undefined ? provisionFor(upstream) : options.provision;
  if (provision !== null) writeFileSync(file, JSON.stringify(provision));
  const init = { dataDir: path.join(folder, 'data'), provisionFile: provision === null ? null : file };
  const engine = await startEngineThread(init, options.env);
  open.push(engine);
  return engine;
}

describe('engine and archive threads', () => {
  it('serve real clients, record what happened, and keep it', async () => {
    const engine = await start();
    const url = await engine.start();
    upstream.script(
      { account: 'work', times: 1 },
      failures.windowRejected('5h', { resetAt: Date.now() + 3_600_000 }),
    );
    for (let n = 0; n < 10; n += 1) expect(await ask(sdk(url), n)).not.toBe('');
    const state = await engine.client.call('state', undefined);
    expect(state.accounts.map((account) => [account.name, account.state])).toEqual([
      ['work', 'spent'],
      ['home', expect.stringMatching(/serving|ready/)],
      ['max', 'ready'],
    ]);
    expect(state.pool).toMatchObject({ phase: 'serving', total: 3, canServe: 2 });
    await engine.stop();
    open.length = 0;

    const again = await start({ provision: null });
    await again.start();
    const page = await again.archive.call('list', { filter: { outcome: 'all' }, cursor: null, limit: 50 });
    expect(page.rows).toHaveLength(10);
    expect(page.rows.every((row) => row.status === 200 && row.costNanoUsd !== null)).toBe(true);
    const first = page.rows.at(-1);
    const detail = await again.archive.call('get', { id: first?.id ?? '' });
    expect(detail?.trace.attempts.map((attempt) => [attempt.accountName, attempt.action])).toEqual([
      ['work', 'next-account'],
      ['home', 'deliver'],
    ]);
    expect((await again.client.call('state', undefined)).accounts[0]?.state).toBe('spent');
  });

  it('applies a provision file twice without change, and an OAuth token is renewed when refused', async () => {
    const engine = await start();
    const url = await engine.start();
    await engine.client.call('accounts.setAllPaused', { paused: true, actor: 'tray' });
    const max = (await engine.client.call('state', undefined)).accounts.find(
      (account) => account.name === 'max',
    );
    await engine.client.call('accounts.setPaused', { id: max?.id ?? '', paused: false, actor: 'tray' });
    upstream.account('max').expireAccessTokens();
    expect(await ask(sdk(url), 1)).not.toBe('');
    expect(upstream.account('max').refreshes).toBe(1);
    await engine.stop();
    open.length = 0;
    const again = await start();
    const secondUrl = await again.start();
    expect(await ask(sdk(secondUrl), 2)).not.toBe('');
    expect(upstream.account('max').refreshes).toBe(1);
  });

  it.each([0, 50])(
    'does not end before the tokens of a renewal that runs are stored, with %i ms for the streams',
    async (deadlineMs) => {
      const clientKeys = [{ name: 'e2e', key: CLIENT_KEY }];
      const engine = await start({ provision: { clientKeys, accounts: [endedLogin()] } });
      await engine.start();
      const endpoint = rotateNowAnswerLater();
      await engine.client.call('power.resumed', undefined);
      await endpoint.rotated;
      const told = new Promise<number>((resolve) =>
        engine.client.on('renewalAwaited', ({ ms }) => resolve(ms)),
      );
      const ended = engine.client.call('shutdown', { deadlineMs });
      // Streams have had their time by then, and more of it.
      expect(await Promise.race([told, ended])).toBe(30_000);
      endpoint.answer();
      await ended;
      await engine.crash();
      open.length = 0;
      const again = await start({ provision: null });
      expect(await ask(sdk(await again.start()), 1)).not.toBe('');
      expect(upstream.account('max').refreshes).toBe(1);
    },
  );

  it('takes no connection from before sleep or another network after it', async () => {
    const sockets = new Set<unknown>();
    const handle = (req: IncomingMessage, res: ServerResponse): void => {
      sockets.add(req.socket);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}');
    };
    upstream.script({ path: '/v1/models' }, { kind: 'custom', handle });
    const engine = await start();
    const client = sdk(await engine.start());
    await client.models.list();
    await client.models.list();
    expect(sockets.size).toBe(1);
    await engine.client.call('power.resumed', undefined);
    await client.models.list();
    expect(sockets.size).toBe(2);
  });

  it('leaves no secret in any file or log line, crash or not', async () => {
    const engine = await start();
    const url = await engine.start();
    for (let n = 0; n < 4; n += 1) await ask(sdk(url), n);
    await ask(sdk(`${url}/k/${CLIENT_KEY}`, 'sk-ant-client-own-SECRET'), 5);
    await engine.crash();
    open.length = 0;
    const secrets = [...SECRETS, 'sk-ant-client-own-SECRET', 'Question 1'];
    const files = readdirSync(path.join(folder, 'data'), { recursive: true, encoding: 'utf8' });
    for (const file of files) {
      const bytes = readFileSync(path.join(folder, 'data', file));
      expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
    }
    expect(secrets.filter((secret) => JSON.stringify(engine.log).includes(secret))).toEqual([]);
  });

  it('says that the port is taken, and takes another when the setting changes', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as AddressInfo;
    const engine = await startEngineThread(
      { dataDir: path.join(folder, 'data'), portOverride: null },
      { PORT: String(port) },
    );
    open.push(engine);
    await expect(engine.start()).rejects.toMatchObject({ view: { code: 'port_in_use' } });
    expect((await engine.client.call('state', undefined)).proxy.phase).toBe('failed');
    blocker.close();
  });

  it('makes a client key at the first start and reveals it for the clipboard only', async () => {
    const engine = await start({ provision: null });
    const url = await engine.start();
    const state = await engine.client.call('state', undefined);
    const keyId = state.clientKeys[0]?.id ?? '';
    const key = await engine.client.call('clipboard.text', { what: 'client-key', keyId });
    expect(JSON.stringify(state)).not.toContain(key);
    expect(await engine.client.call('clipboard.text', { what: 'address-with-key', keyId })).toBe(
      `${url}/k/${key}`,
    );
    await expect(ask(sdk(url, key), 1)).rejects.toMatchObject({ status: 503 });
    await engine.client.call('clientKeys.revoke', { id: keyId, actor: 'dashboard' });
    await expect(ask(sdk(url, key), 1)).rejects.toMatchObject({ status: 401 });
  });

  it('needs a passphrase again after a start without one', async () => {
    const engine = await start({ env: { CCFLARE_PASSPHRASE: 'correct horse battery' } });
    await engine.start();
    await engine.stop();
    open.length = 0;
    const locked = await start({ provision: null });
    const url = await locked.start();
    expect((await locked.client.call('state', undefined)).vault).toMatchObject({
      phase: 'locked',
      mode: 'passphrase',
    });
    await expect(
      locked.client.call('vault.unlock', { passphrase: 'wrong', actor: 'dashboard' }),
    ).rejects.toMatchObject({ view: { code: 'wrong_passphrase' } });
    await locked.client.call('vault.unlock', { passphrase: 'correct horse battery', actor: 'dashboard' });
    expect(await ask(sdk(url), 1)).not.toBe('');
  });
});
