import { describe, expect, it } from 'vitest';
import type { EngineState } from '../../shared/app-state.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createStatePublisher } from './state-publisher.ts';

const NO_POOL: EngineState['pool'] = {
  phase: 'empty',
  total: 0,
  canServe: 0,
  nextAccountId: null,
  backAt: null,
  summary: '',
  forecast: { hoursLeft: null, confidence: 'none', words: '', expiring: null },
  held: 0,
};

function publisher() {
  const clock = createFakeClock();
  const pushed: Partial<EngineState>[] = [];
  let inFlight = 0;
  const state = createStatePublisher({
    clock,
    read: {
      proxy: () => ({ phase: 'listening', port: 1, error: null, inFlight, since: 0 }),
      vault: () => ({ phase: 'ready', mode: 'memory', backend: null, explanation: '' }),
      pool: () => NO_POOL,
      accounts: () => [],
      clientKeys: () => [],
      settings: () => DEFAULT_SETTINGS,
      events: () => [],
      signIn: () => null,
      environment: () => ({ overridden: [], problems: [] }),
    },
    push: (slices) => pushed.push(slices),
  });
  return { clock, pushed, state, setInFlight: (value: number) => (inFlight = value) };
}

describe('state publisher', () => {
  it('sends the first change at once and then at most four pushes a second', () => {
    const { clock, pushed, state } = publisher();
    for (let ms = 0; ms < 1000; ms += 10) {
      state.mark('proxy');
      clock.advance(10);
    }
    expect(pushed.length).toBeGreaterThanOrEqual(4);
    expect(pushed.length).toBeLessThanOrEqual(5);
  });

  it('sends only the slices that changed, as they are when sent', () => {
    const { clock, pushed, state, setInFlight } = publisher();
    state.mark('events');
    clock.advance(0);
    state.mark('proxy');
    setInFlight(7);
    clock.advance(250);
    expect(Object.keys(pushed[1] ?? {})).toEqual(['proxy']);
    expect(pushed[1]?.proxy?.inFlight).toBe(7);
  });

  it('gives every slice in a snapshot and sends what waits on flush', () => {
    const { pushed, state } = publisher();
    expect(Object.keys(state.snapshot()).sort()).toEqual(
      [
        'accounts',
        'clientKeys',
        'environment',
        'events',
        'pool',
        'proxy',
        'settings',
        'signIn',
        'vault',
      ].sort(),
    );
    state.mark('vault');
    state.flush();
    expect(pushed).toHaveLength(1);
  });
});
