import { describe, expect, it } from 'vitest';
import { createAppState } from './app-state.ts';

const about = {
  version: '1',
  platform: 'linux',
  electron: '',
  node: '',
  chrome: '',
  dataDir: '',
  logFile: '',
  demo: false,
  tray: false,
} as const;
const thread = (phase: 'running' | 'restarting' | 'failed') => ({ phase, restarts: 1, lastError: null });
const listening = { phase: 'listening', port: 1, error: null, inFlight: 3, since: 5 } as const;

describe('state of the app', () => {
  it('is there before any thread has answered', () => {
    expect(createAppState(about).current()).toMatchObject({
      about,
      accounts: [],
      proxy: { phase: 'starting' },
    });
  });

  it('keeps the last known slices while the engine is started again, and no longer claims to listen', () => {
    const state = createAppState(about);
    state.fromEngine({ proxy: listening });
    state.setThread('engine', thread('restarting'));
    expect(state.current().proxy).toMatchObject({ phase: 'starting', port: 1, inFlight: 0 });
    state.setThread('engine', thread('failed'));
    expect(state.current().proxy.phase).toBe('failed');
  });

  it('a dead archive does not touch the proxy', () => {
    const state = createAppState(about);
    state.fromEngine({ proxy: listening });
    state.setThread('archive', thread('failed'));
    expect(state.current().proxy).toEqual(listening);
  });

  it("puts the shell's own events among the engine's, newest first, and bounds them", () => {
    const state = createAppState(about);
    const event = { level: 'info', code: 'x', message: '', accountId: null } as const;
    state.addEvent({ level: 'warn', code: 'thread_restarted', message: '' });
    state.fromEngine({
      events: [
        { ...event, id: 'new', at: Date.now() + 1000 },
        { ...event, id: 'old', at: 1 },
      ],
    });
    expect(state.current().events.map(({ code, id }) => [code, id])).toEqual([
      ['x', 'new'],
      ['thread_restarted', 'shell-1'],
      ['x', 'old'],
    ]);
    for (let n = 0; n < 150; n += 1) state.addEvent({ level: 'info', code: 'y', message: '' });
    expect(state.current().events).toHaveLength(100);
  });

  it("carries the engine's sign-in and the shell's import", () => {
    const state = createAppState(about);
    expect(state.current()).toMatchObject({ signIn: null, import: null });
    const running = { sourceId: 's', phase: 'running', requestsDone: 1, requestsTotal: 2 } as const;
    state.setImport({ ...running, result: null, error: null });
    expect(state.current().import).toMatchObject({ phase: 'running' });
    state.setImport(null);
    expect(state.current().import).toBeNull();
  });

  it('tells its listeners which slices changed', () => {
    const state = createAppState(about);
    const seen: string[][] = [];
    state.onChange((slices) => seen.push(Object.keys(slices)));
    state.setTray(true);
    state.fromEngine({ proxy: listening });
    expect(seen).toEqual([['about'], ['proxy']]);
  });
});
