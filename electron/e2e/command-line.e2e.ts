import { readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import { hold } from '../simulator/simulator.ts';
import { CLIENT_KEY, provisionFor, startUpstream } from '../testing/traffic.ts';
import { eventually, startApp } from './app.ts';
import { runElectron } from './launcher.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A run that is expected to end by itself, in a data folder of its own. */
const run = (...args: string[]) =>
  runElectron({ args: ['--data-dir', newUserFolder('data'), ...args], env: {} });

/** Our own lines on stderr; Chromium's chatter carries brackets. */
const ours = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('ccflare:'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Process id of the app that runs with a data folder; 0 = none. */
function holderOf(dataDir: string): number {
  try {
    return Number(
      readlinkSync(path.join(dataDir, 'chromium', 'SingletonLock'))
        .split('-')
        .at(-1),
    );
  } catch {
    return 0;
  }
}

async function askOnce(url: string): Promise<number> {
  const headers = { 'x-api-key': CLIENT_KEY, 'anthropic-version': '2023-06-01' };
  const messages = [{ role: 'user', content: 'Hi.' }];
  const body = JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 5, messages });
  return (await fetch(`${url}/v1/messages`, { method: 'POST', headers, body })).status;
}

describe('command line', () => {
  it('prints its version and its help', async () => {
    expect(await run('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ccflare \d+\.\d+\.\d+\n$/),
    });
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const flag of ['--data-dir', '--port', '--no-window', '--demo', '--provision']) {
      expect(help.stdout).toContain(flag);
    }
  });

  it.each([
    ['an unknown flag', ['--nonsense']],
    ['a port that is none', ['--port', '70000']],
    ['a provision file that is not there', ['--provision', '/nowhere/provision.json', '--no-window']],
  ])('says in one line what is wrong with %s and exits 1', async (_, args) => {
    const result = await run(...args);
    expect(result.code).toBe(1);
    expect(ours(result.stderr)).toHaveLength(1);
  });

  it('says in one line that the port is taken and exits 1', async () => {
    const server = createServer();
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const result = await run('--no-window', '--port', String(port));
    expect(result.code).toBe(1);
    expect(ours(result.stderr)).toHaveLength(1);
    expect(ours(result.stderr)[0]).toContain(String(port));
  });

  it('never echoes a secret of a provision file that does not fit', async () => {
    const folder = newUserFolder('provision');
    const file = path.join(folder, 'bad.json');
    writeFileSync(
      file,
      JSON.stringify({
        accounts: [{ name: 'x', kind: 'api-key', apiKey: 'sk-ant-very-secret', priority: 'high' }],
      }),
    );
    const result = await run('--no-window', '--provision', file);
    expect(result.code).toBe(1);
    expect(result.stderr + result.stdout).not.toContain('very-secret');
    expect(ours(result.stderr).join()).toMatch(/priority/);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends cleanly on %s', async (signal) => {
    const app = await startApp({ args: ['--no-window'] });
    expect(await app.stop(signal)).toBe(0);
  });

  it('comes up again after its end when it is started while it ends', async () => {
    const upstream = await startUpstream();
    const answer = hold();
    upstream.script({}, answer.behaviour);
    const dataDir = newUserFolder('again');
    const file = path.join(newUserFolder('provision'), 'provision.json');
    writeFileSync(file, JSON.stringify(provisionFor(upstream)), { mode: 0o644 });
    const url = `http://127.0.0.1:${await freePort()}`;
    const args = ['--data-dir', dataDir, '--port', new URL(url).port, '--no-window'];
    // Not under Playwright: what comes up again would wait for it.
    const ended = runElectron({ args: [...args, '--provision', file], env: {} });
    await eventually('the proxy', () => isUp(url));
    const first = holderOf(dataDir);
    const arrived = upstream.nextRequest();
    const status = askOnce(url);
    await arrived;
    process.kill(first, 'SIGTERM');
    expect(await runElectron({ args, env: {} })).toMatchObject({ code: 1 });
    answer.release();
    expect(await status).toBe(200);
    await eventually('the proxy again', () => holderOf(dataDir) !== first && isUp(url));
    process.kill(holderOf(dataDir), 'SIGTERM');
    await ended;
    await eventually('its end', async () => !(await isUp(url)));
    await upstream.close();
  });
});
