import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { ThreadState } from '../../shared/app-state.ts';
import { type Supervisor, superviseThread } from './thread-supervisor.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const folder = mkdtempSync(path.join(tmpdir(), 'ccflare-supervisor-'));
const running: Supervisor[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()));
});

function worker(source: string): URL {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, source);
  return pathToFileURL(file);
}

function supervise(source: string) {
  const states: ThreadState[] = [];
  const ups: { worker: Worker; restart: boolean }[] = [];
  let downs = 0;
  const waiting: (() => void)[] = [];
  const changed = (): void => {
    for (const wake of waiting.splice(0)) wake();
  };
  const supervisor = superviseThread({
    name: 'test',
    file: worker(source),
    options: () => ({}),
    log: quiet,
    onState: (state) => {
      states.push(state);
      changed();
    },
    onUp: (started, restart) => ups.push({ worker: started, restart }),
    onDown: () => (downs += 1),
  });
  running.push(supervisor);
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { supervisor, states, ups, downs: () => downs, until };
}

const ALIVE = "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});";

describe('thread supervisor', () => {
  it('brings a killed thread back at once and says so', async () => {
    const { supervisor, ups, downs, until } = supervise(ALIVE);
    supervisor.start();
    await until(() => supervisor.state().phase === 'running');
    supervisor.kill();
    await until(() => supervisor.state().restarts === 1 && supervisor.state().phase === 'running');
    expect(ups.map((up) => up.restart)).toEqual([false, true]);
    expect(downs()).toBe(1);
    expect(supervisor.state().lastError?.code).toBe('thread_down');
  });

  it('stays down when asked to stop', async () => {
    const { supervisor, ups, until } = supervise(ALIVE);
    supervisor.start();
    await until(() => supervisor.state().phase === 'running');
    await supervisor.stop();
    expect(supervisor.state().phase).toBe('stopped');
    expect(ups).toHaveLength(1);
  });

  it('waits longer after each further death', async () => {
    const { supervisor, states, until } = supervise('process.exit(3)');
    supervisor.start();
    await until(() => supervisor.state().restarts >= 3);
    expect(states.some((state) => state.phase === 'restarting')).toBe(true);
  });
});
