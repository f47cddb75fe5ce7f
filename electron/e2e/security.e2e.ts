import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchTarget } from '../../scripts/lib/launch-target.mjs';
import type { Simulator } from '../simulator/simulator.ts';
import { ask, CLIENT_KEY, provisionFor, SECRETS, sdk, startUpstream } from '../testing/traffic.ts';
import { filesBelow, type RunningApp, startApp } from './app.ts';

describe('attacks on the running app', () => {
  let upstream: Simulator;
  let app: RunningApp;

  beforeAll(async () => {
    upstream = await startUpstream();
    app = await startApp({ provision: provisionFor(upstream) });
    await app.page();
    for (let n = 0; n < 6; n += 1) await ask(sdk(app.url), n);
    await ask(sdk(`${app.url}/k/${CLIENT_KEY}`, 'sk-ant-client-own-SECRET'), 1);
  });

  afterAll(async () => {
    await upstream.close();
  });

  const status = (headers: Record<string, string>, target = '/v1/models', host = new URL(app.url).host) =>
    new Promise<number>((resolve, reject) => {
      const request = http.get(
        `${app.url}${target}`,
        { headers: { host, 'anthropic-version': '2023-06-01', ...headers } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', reject);
    });

  it('a web page (Origin) and a rebound name (Host) are refused', async () => {
    const key = { 'x-api-key': CLIENT_KEY };
    expect(await status({ ...key, origin: 'https://evil.example' })).toBe(403);
    expect(await status({ ...key, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status(key, '/v1/models', 'evil.example')).toBe(403);
    expect(await status(key)).toBe(200);
  });

  it('a program without the key is refused', async () => {
    expect(await status({})).toBe(401);
    expect(await status({ 'x-api-key': 'cck_guess' })).toBe(401);
  });

  it('the page runs in the sandbox, has no Node, and cannot reach network, files or other pages', async () => {
    const page = await app.page();
    expect(page.url()).toMatch(/^app:\/\//);
    const inside = await page.evaluate(async () => ({
      node: typeof (globalThis as { process?: unknown }).process,
      require: typeof (globalThis as { require?: unknown }).require,
      network: await fetch('http://127.0.0.1:1/').then(
        () => 'reached',
        () => 'refused',
      ),
      popup: window.open('https://example.com') === null,
      bridge: Object.keys((globalThis as unknown as { ccflare: object }).ccflare).sort(),
    }));
    expect(inside).toEqual({
      node: 'undefined',
      require: 'undefined',
      network: 'refused',
      popup: true,
      bridge: ['call', 'subscribe'],
    });
    await page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    expect(page.url()).toMatch(/^app:\/\//);
    app.complaints.length = 0;
  });

  it('a foreign frame gets no answer over IPC', async () => {
    const answer = await app.electron.evaluate(
      async ({ BrowserWindow }, preload) => {
        const main = BrowserWindow.getAllWindows()[0];
        if (!main) return 'no window';
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        await foreign.loadURL('data:text/html,<p>foreign</p>').catch(() => undefined);
        const result: unknown = await foreign.webContents
          .executeJavaScript(
            "window.ccflare.call('state.get', undefined).then((r) => JSON.stringify(r), (e) => 'refused: ' + e.message)",
          )
          .catch((error: unknown) => `refused: ${String(error)}`);
        foreign.destroy();
        return String(result);
      },
      path.join(launchTarget().appFolder, 'out/preload/preload.cjs'),
    );
    expect(answer).toContain('Refused');
  });

  it('the data key is wrapped by a real keychain', () => {
    const vault: unknown = JSON.parse(readFileSync(path.join(app.dataDir, 'vault.json'), 'utf8'));
    const text = JSON.stringify(vault);
    expect(text).toContain('"mode":"keychain"');
    const wrapped = /"wrapped":"([^"]+)"/.exec(text)?.[1] ?? '';
    // `v10` would be Chromium's fixed password, `v11` is the keyring (Chromium os_crypt).
    expect(Buffer.from(wrapped, 'base64').subarray(0, 3).toString()).toBe('v11');
  });

  it('no secret is in any file of the data folder or in anything printed', async () => {
    const printed = `${app.stdout()}${app.stderr()}`;
    expect(await app.stop()).toBe(0);
    const secrets = [...SECRETS, 'sk-ant-client-own-SECRET', 'Question 1'];
    const found = filesBelow(app.dataDir).flatMap(({ file, bytes }) =>
      secrets.filter((secret) => bytes.includes(secret)).map((secret) => `${secret.slice(0, 12)} in ${file}`),
    );
    expect(found).toEqual([]);
    for (const secret of secrets) expect(printed).not.toContain(secret);
  });
});
