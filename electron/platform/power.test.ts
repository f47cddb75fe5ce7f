import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onResume, onSessionEnd } from './power.ts';

type Address = { address: string; cidr: string; internal: boolean };

/** The computer, as Electron and the operating system tell of it; each test changes what it needs. */
const computer = vi.hoisted(() => ({
  online: true,
  networks: {} as Record<string, Address[]>,
  monitor: null as unknown as EventEmitter,
  app: null as unknown as EventEmitter,
  windows: [] as EventEmitter[],
}));
vi.mock('node:os', () => ({ networkInterfaces: () => computer.networks }));
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
    net: { isOnline: () => computer.online },
  };
});

const address = (cidr: string, internal = false): Address[] => [
  { address: cidr.split('/')[0] ?? '', cidr, internal },
];
const LOOPBACK = address('127.0.0.1/8', true);
const HOME = address('192.168.1.20/24');
const { platform } = process;
const on = (value: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value });

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(computer, {
    online: true,
    networks: { lo: LOOPBACK, wlan0: HOME },
    monitor: new EventEmitter(),
    app: new EventEmitter(),
    windows: [],
  });
});
afterEach(() => {
  on(platform);
  vi.useRealTimers();
});

describe('waking up and changing networks', () => {
  const resumed = vi.fn<() => void>();
  const pass = (change: Partial<typeof computer> = {}): number => {
    Object.assign(computer, change);
    resumed.mockClear();
    vi.advanceTimersByTime(5000);
    return resumed.mock.calls.length;
  };
  beforeEach(() => {
    resumed.mockClear();
    onResume(resumed);
  });

  it.each(['resume', 'unlock-screen'])('%s is heard', (event) => {
    computer.monitor.emit(event);
    expect(resumed).toHaveBeenCalledTimes(1);
  });

  it('the network coming back is heard once, its going is not', () => {
    expect(pass()).toBe(0);
    expect(pass({ online: false, networks: { lo: LOOPBACK } })).toBe(0);
    expect(pass({ online: true, networks: { lo: LOOPBACK, wlan0: HOME } })).toBe(1);
    expect(pass()).toBe(0);
  });

  it('another network is heard though the computer was never seen offline', () => {
    expect(pass({ networks: { lo: LOOPBACK, wlan0: address('10.8.3.7/16') } })).toBe(1);
    expect(pass()).toBe(0);
  });

  it('a VPN that goes up or down is heard', () => {
    const networks = { lo: LOOPBACK, wlan0: HOME };
    expect(pass({ networks: { ...networks, tun0: address('10.99.0.2/24') } })).toBe(1);
    expect(pass({ networks })).toBe(1);
  });

  it('the order of interfaces and addresses that lead nowhere say nothing', () => {
    const veth = [...address('fe80::1:2/64'), ...address('169.254.9.9/16')];
    expect(pass({ networks: { veth0: veth, wlan0: HOME, lo: LOOPBACK } })).toBe(0);
  });
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
