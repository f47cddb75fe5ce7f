import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from './load.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLIENT_KEY = 'bench-client-key-0123456789';

/** A started target and how to end it. */
export type Running = { target: Target; launchMs: number; stop(): Promise<void> };

/** Nothing in between. */
export function direct(upstream: URL): Target {
  return { name: 'direct', url: upstream, key: 'sk-bench-upstream', pid: process.pid };
}

/** The minimal proxy, on the same Node that Electron carries. */
export async function startPassthrough(electron: string, upstream: URL): Promise<Running> {
  const child = spawn(electron, [path.join(ROOT, 'bench/passthrough.mjs'), upstream.origin], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { match, ms } = await firstMatch(child, /(http:\/\/\S+)/);
  return running('pass-through', child, match, 'sk-bench-upstream', ms);
}

/** The product as it ships: Electron, recording on, one API-key account. */
export async function startOurs(electron: string, upstream: URL): Promise<Running> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ccflare-bench-'));
  const provision = path.join(dataDir, 'provision.json');
  writeFileSync(
    provision,
    JSON.stringify({
      settings: { clientRequestsPerMinute: 0 },
      clientKeys: [{ name: 'bench', key: CLIENT_KEY }],
      accounts: [
        {
          name: 'bench',
          kind: 'api-key',
          apiKey: 'sk-bench-upstream',
          baseUrl: upstream.origin,
          priority: 0,
        },
      ],
    }),
  );
  const args = [ROOT, '--no-window', '--port', '0', '--data-dir', dataDir, '--provision', provision];
  if (process.getuid?.() === 0) args.unshift('--no-sandbox');
  if (process.env.DBUS_SESSION_BUS_ADDRESS) args.unshift('--password-store=gnome-libsecret');
  const child = spawn(electron, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const { match, ms } = await firstMatch(child, /proxy listening on (http:\/\/\S+)/);
  const started = running('ours', child, match, CLIENT_KEY, ms);
  return {
    ...started,
    stop: async () => {
      await started.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function running(
  name: Target['name'],
  child: ChildProcess,
  url: string,
  key: string,
  launchMs: number,
): Running {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    target: { name, url: new URL(url), key, pid: child.pid ?? 0 },
    launchMs,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Waits for a line on the child's stdout. */
function firstMatch(child: ChildProcess, pattern: RegExp): Promise<{ match: string; ms: number }> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text)?.[1];
      if (found) resolve({ match: found, ms: performance.now() - started });
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${text}`)));
  });
}
