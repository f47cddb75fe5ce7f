import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineInit } from '../core/thread-contract.ts';
import { createAppState } from '../ipc/app-state.ts';
import { sampleState } from '../platform/testing/sample-state.ts';
import { createThreads, type Threads } from './threads.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ccflare-threads-'));
const RPC = new URL('../../shared/thread-rpc.ts', import.meta.url).href;

/** The engine says what reaches it over its port to the archive, and asks the keychain at each start. */
writeFileSync(
  path.join(folder, 'engine.js'),
  `import { parentPort, workerData } from 'node:worker_threads';
import { serveThread } from ${JSON.stringify(RPC)};
const send = serveThread(parentPort, {
  start() {
    const port = workerData.portOverride || 40000 + Math.floor(Math.random() * 1000);
    send('keychain', { seq: 5, type: 'wrap', key: new Uint8Array(32) });
    send('listening', { port });
    send('state', { proxy: { phase: 'listening', port, error: null, inFlight: 0, since: 1 } });
    return { port };
  },
}, (error) => ({ code: 'internal', message: String(error) }));
parentPort.on('message', (message) => {
  if (message.type === 'keychain-reply')
    send('log', { level: 'info', event: 'keychain', fields: { seq: message.reply.seq } });
  if (message.type !== 'archive-port') return;
  message.port.on('message', (text) => send('log', { level: 'info', event: 'heard', fields: { text } }));
  message.port.postMessage('from engine');
});
`,
);
writeFileSync(
  path.join(folder, 'archive.js'),
  `import { parentPort } from 'node:worker_threads';
import { serveThread } from ${JSON.stringify(RPC)};
const send = serveThread(parentPort, { start: () => null, configure: () => null, storage: () => ({}) },
  (error) => ({ code: 'internal', message: String(error) }));
parentPort.on('message', (message) => {
  if (message.type === 'engine-port') message.port.on('message', (text) => message.port.postMessage('re: ' + text));
});
`,
);
writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');

const running: Threads[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((threads) => threads.stop()));
});

function startThreads(task: EngineInit['task'] = 'serve') {
  const state = createAppState(sampleState().about);
  const lines: string[] = [];
  const ports: number[] = [];
  const waiting: (() => void)[] = [];
  const changed = (): void => {
    for (const wake of waiting.splice(0)) wake();
  };
  const note = (event: string): void => {
    lines.push(event);
    changed();
  };
  const threads = createThreads({
    base: pathToFileURL(`${folder}/`),
    init: { dataDir: folder, appVersion: '1', portOverride: 0, demo: false, provisionFile: null, task },
    state,
    log: { debug: note, info: note, warn: note, error: note },
    resolveProxy: () => Promise.resolve(null),
    answerKeychain: ({ seq }) => Promise.resolve({ seq, ok: false, reason: 'none', absent: true }),
    onListening: (port) => {
      ports.push(port);
      changed();
    },
    onRecorded: () => {},
    onFirstStart: (outcome) => void outcome.catch(() => undefined),
  });
  state.onChange(changed);
  running.push(threads);
  threads.start();
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const heard = (event: string): number => lines.filter((line) => line === event).length;
  return { threads, state, ports, heard, until };
}

describe('the two threads', () => {
  it('are joined, and the engine gets its answer from the keychain', async () => {
    const { heard, until } = startThreads();
    await until(() => heard('heard') === 1 && heard('keychain') === 1);
  });

  it('for the restore of clients there is only the engine', async () => {
    const { threads, state, until } = startThreads('restore-clients');
    await until(() => state.current().proxy.phase === 'listening');
    await expect(threads.archive().call('storage', undefined)).rejects.toMatchObject({
      view: { code: 'thread_down' },
    });
    expect(state.current().threads.archive.phase).toBe('starting');
  });

  it('engine killed: it is back within a second on the same port, joined again, and the window is told', async () => {
    const { threads, state, ports, heard, until } = startThreads();
    await until(() => heard('heard') === 1);
    const died = Date.now();
    threads.kill('engine');
    await until(() => state.current().proxy.phase === 'starting');
    await until(() => state.current().proxy.phase === 'listening' && heard('heard') === 2);
    expect(Date.now() - died).toBeLessThan(1000);
    expect(ports).toEqual([ports[0], ports[0]]);
    await until(() => state.current().events.some(({ code }) => code === 'thread_restarted'));
    expect(state.current().threads.engine.restarts).toBe(1);
    expect(state.current().threads.archive.restarts).toBe(0);
  });

  it('archive killed: calls say so meanwhile, the engine goes on, and they are joined again', async () => {
    const { threads, state, heard, until } = startThreads();
    await until(() => heard('heard') === 1);
    const pending = threads.archive().call('get', { id: 'x' });
    const lost = threads.archive();
    pending.catch(() => undefined);
    threads.kill('archive');
    await until(() => state.current().threads.archive.phase === 'restarting');
    await expect(lost.call('get', { id: 'x' })).rejects.toMatchObject({ view: { code: 'thread_down' } });
    await until(() => heard('heard') === 2);
    expect(await threads.archive().call('storage', undefined)).toEqual({});
    expect(state.current().proxy.phase).toBe('listening');
    expect(state.current().threads.engine.restarts).toBe(0);
  });
});
