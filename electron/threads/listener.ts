import type { ProxyState } from '../../shared/app-state.ts';
import type { Clock } from '../core/clock.ts';
import { toErrorView } from '../core/errors.ts';
import type { EventLog, SettingsSource } from '../core/ports.ts';

/** What the listener needs of the proxy. */
type Listening = {
  listen(port: number): Promise<number>;
  drain(deadlineMs: number): Promise<void>;
  inFlight(): number;
};

/**
 * Keeps the proxy listening as the settings say: on or off, on which port. Changes are carried out one after
 * the other, so that quick toggling ends in the state asked for last.
 */
export function createListener(deps: {
  proxy: Listening;
  settings: SettingsSource;
  clock: Clock;
  events: EventLog;
  /** From the command line; wins over the setting for this run. */
  portOverride: number | null;
  onChange: () => void;
  onListening: (port: number) => void;
  /** Awaited before the door closes, so that clients can be led elsewhere first. Must not reject. */
  beforeStop: () => Promise<void>;
}) {
  let state: Omit<ProxyState, 'inFlight'> = { phase: 'stopped', port: null, error: null, since: null };
  let queue: Promise<void> = Promise.resolve();

  const set = (next: Partial<typeof state>): void => {
    state = { ...state, ...next };
    deps.onChange();
  };

  const wantedPort = (): number => deps.portOverride ?? deps.settings.current().port;

  async function stop(): Promise<void> {
    if (state.phase !== 'listening') return;
    await deps.beforeStop();
    set({ phase: 'draining' });
    await deps.proxy.drain(deps.settings.current().drainDeadlineMs);
    set({ phase: 'stopped', since: null });
  }

  async function start(): Promise<void> {
    set({ phase: 'starting', error: null });
    try {
      const port = await deps.proxy.listen(wantedPort());
      set({ phase: 'listening', port, since: deps.clock.now() });
      deps.onListening(port);
    } catch (error) {
      set({ phase: 'failed', port: wantedPort(), error: toErrorView(error), since: null });
      deps.events.add({ level: 'bad', code: 'proxy_failed', message: toErrorView(error).message });
      throw error;
    }
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const run = queue.then(work);
    queue = run.catch(() => undefined);
    return run;
  }

  return {
    state: (): ProxyState => ({ ...state, inFlight: deps.proxy.inFlight() }),
    /** Port in use, null while not listening. */
    port: (): number | null => (state.phase === 'listening' ? state.port : null),
    /** Makes it so. Rejects when the port cannot be had. */
    apply(options: { restart: boolean }): Promise<void> {
      return inTurn(async () => {
        const on = deps.settings.current().proxyEnabled;
        if (!on || options.restart) await stop();
        if (on && state.phase !== 'listening') await start();
        if (!on && state.phase === 'failed') set({ phase: 'stopped', error: null });
      });
    },
    /** Ends for good. */
    stop: (): Promise<void> => inTurn(stop),
  };
}

/** See {@link createListener}. */
export type Listener = ReturnType<typeof createListener>;
