import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSessionEnd } from './power.ts';

/** The computer, as Electron and the operating system tell of it; each test changes what it needs. */
const computer = vi.hoisted(() => ({
  monitor: null as unknown as EventEmitter,
  app: null as unknown as EventEmitter,
  windows: [] as EventEmitter[],
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class BaseWindow extends Emitter {
    constructor(options: { show: boolean }) {
      super();
      if (!options.show) computer.windows.push(this);
    }
  }
  return {
    BaseWindow,
    get app() {
      return computer.app;
    },
    get powerMonitor() {
      return computer.monitor;
    },
    net: {},
  };
});

const { platform } = process;
const on = (value: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value });

beforeEach(() => {
  Object.assign(computer, { monitor: new EventEmitter(), app: new EventEmitter(), windows: [] });
});
afterEach(() => {
  on(platform);
});

describe('the end of the session', () => {
  const quit = vi.fn<() => void>();
  const quitAtOnce = vi.fn<() => void>();
  beforeEach(() => {
    vi.clearAllMocks();
  });

  it.each(['linux', 'darwin'] as const)('%s is held up until the app has gone', (system) => {
    on(system);
    onSessionEnd({ quit, quitAtOnce, windowless: true });
    const preventDefault = vi.fn();
    computer.monitor.emit('shutdown', { preventDefault });
    expect(preventDefault).toHaveBeenCalledTimes(1);
    expect(quit).toHaveBeenCalledTimes(1);
    expect([computer.windows.length, quitAtOnce.mock.calls.length]).toEqual([0, 0]);
  });

  it('Windows tells an app that shows no window, which ends before it has heard it out', () => {
    on('win32');
    onSessionEnd({ quit, quitAtOnce, windowless: true });
    const preventDefault = vi.fn();
    for (const event of ['query-session-end', 'session-end']) {
      computer.windows[0]?.emit(event, { reasons: ['shutdown'], preventDefault });
    }
    expect(quitAtOnce).toHaveBeenCalledTimes(1);
    // Programs without a visible window that object are ended on the spot.
    expect(preventDefault).not.toHaveBeenCalled();
  });

  it('Windows tells the windows of an app that ends with its last one', () => {
    on('win32');
    onSessionEnd({ quit, quitAtOnce, windowless: false });
    const window = new EventEmitter();
    computer.app.emit('browser-window-created', {}, window);
    window.emit('session-end', { reasons: ['logoff'] });
    expect(quitAtOnce).toHaveBeenCalledTimes(1);
    expect(computer.windows).toEqual([]);
  });
});
