import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import { startApp } from './app.ts';
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

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s', async (signal) => {
    const app = await startApp({ args: ['--no-window'] });
    expect(await app.stop(signal)).toBe(0);
  });
});
