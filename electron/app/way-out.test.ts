import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createWayOut } from './way-out.ts';

const { app } = vi.hoisted(() => ({ app: { on: vi.fn(), exit: vi.fn(), relaunch: vi.fn() } }));
vi.mock('electron', () => ({ app }));

type WayOutDeps = Parameters<typeof createWayOut>[0];

/** The threads as the way out meets them: the engine ends when it is let go, and says what it waits for. */
function threads() {
  const said = new EventEmitter();
  const calls: string[] = [];
  let end = (): void => undefined;
  const engine = {
    on: (name: string, listener: (payload: unknown) => void) => void said.on(name, listener),
    call(name: string, argument: { deadlineMs: number; ended?: SharedArrayBuffer }) {
      calls.push(`engine ${name} ${argument.deadlineMs}`);
      if (argument.ended) new Int32Array(argument.ended)[0] = 1;
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
  };
  const archive = { call: (name: string) => Promise.resolve(calls.push(`archive ${name}`)) };
  const stop = () => Promise.resolve(void calls.push('stop'));
  return {
    phase: 'running',
    calls,
    said,
    end: () => end(),
    threads: { engine: () => engine, archive: () => archive, stop } as unknown as WayOutDeps['threads'],
  };
}

function wayOut(fake: ReturnType<typeof threads>) {
  const quiet = () => undefined;
  return createWayOut({
    threads: fake.threads,
    windowSide: { attach: quiet, recorded: quiet, close: () => void fake.calls.push('window') },
    state: {
      current: () => ({ settings: DEFAULT_SETTINGS, threads: { engine: { phase: fake.phase } } }),
    } as unknown as WayOutDeps['state'],
    log: { debug: quiet, info: (event) => void fake.calls.push(event), warn: quiet, error: quiet },
    cleanUp: () => void fake.calls.push('folder'),
  });
}

const signals = ['SIGTERM', 'SIGINT'] as const;
const before = signals.map((signal) => process.listeners(signal));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.off(signal, listener);
    }
  }
});

it('quitting holds the app until every step is done', async () => {
  const fake = threads();
  wayOut(fake);
  const prevented = vi.fn();
  const quit = app.on.mock.calls.find(([name]) => name === 'before-quit')?.[1];
  quit({ preventDefault: prevented });
  expect(prevented).toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(fake.calls).toEqual(['window', 'engine shutdown 5000']);
  expect(app.exit).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(0);
  fake.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.calls.slice(2)).toEqual(['archive shutdown', 'stop', 'ended', 'folder']);
  expect(app.exit).toHaveBeenCalledWith(0);
});

it('an engine that hangs is left behind', async () => {
  const fake = threads();
  wayOut(fake).quit();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(fake.calls).toContain('stop');
  expect(app.exit).toHaveBeenCalledWith(0);
});

it('an engine that renews a login gets the time for it, and no more', async () => {
  const fake = threads();
  wayOut(fake).quit();
  await vi.advanceTimersByTimeAsync(5000);
  fake.said.emit('renewalAwaited', { ms: 30_000 });
  await vi.advanceTimersByTimeAsync(35_000);
  expect(app.exit).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(app.exit).toHaveBeenCalledWith(0);
});

it('the end of a session is not heard out before the engine has ended, once', async () => {
  const fake = threads();
  const way = wayOut(fake);
  way.quitAtOnce();
  expect(fake.calls).toEqual(['engine shutdown 0']);
  way.quitAtOnce();
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.calls.slice(1)).toEqual(['window', 'engine shutdown 5000']);
});

it('the end of a session does not wait for an engine that is down', () => {
  const fake = threads();
  fake.phase = 'restarting';
  wayOut(fake).quitAtOnce();
  expect(fake.calls).toEqual([]);
});

it.each([true, false])(
  'a start while the app ends comes up afterwards, once (window: %s)',
  async (window) => {
    const argv = process.argv;
    process.argv = ['electron', 'app', '--no-window', '--provision', 'file.json', '--port', '8459'];
    const fake = threads();
    const way = wayOut(fake);
    expect(way.startAgain(window)).toBe(false);
    way.quit();
    expect([way.startAgain(window), way.startAgain(false)]).toEqual([true, true]);
    expect(app.relaunch).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(0);
    fake.end();
    await vi.advanceTimersByTimeAsync(0);
    process.argv = argv;
    const args = ['app', ...(window ? [] : ['--no-window']), '--port', '8459'];
    expect(app.relaunch.mock.calls).toEqual([[{ args, execPath: process.execPath }]]);
    expect(app.relaunch.mock.invocationCallOrder[0]).toBeLessThan(app.exit.mock.invocationCallOrder[0] ?? 0);
  },
);

it('without such a start nothing comes up again', async () => {
  const fake = threads();
  wayOut(fake).quit();
  await vi.advanceTimersByTimeAsync(0);
  fake.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.exit).toHaveBeenCalledWith(0);
  expect(app.relaunch).not.toHaveBeenCalled();
});
