import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings.ts';
import { AppError } from '../core/errors.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createListener } from './listener.ts';

function setUp(options: { override?: number; failOn?: number } = {}) {
  let settings: Settings = { ...DEFAULT_SETTINGS, port: 4000 };
  const calls: string[] = [];
  const listener = createListener({
    proxy: {
      listen: (port) => {
        calls.push(`listen ${port}`);
        return port === options.failOn
          ? Promise.reject(new AppError('port_in_use', 'taken'))
          : Promise.resolve(port);
      },
      drain: () => {
        calls.push('drain');
        return Promise.resolve();
      },
      inFlight: () => 3,
    },
    settings: { current: () => settings, onChange: () => () => undefined },
    clock: createFakeClock(),
    events: { add: ({ code }) => calls.push(code) },
    portOverride: options.override ?? null,
    onChange: () => undefined,
    onListening: (port) => calls.push(`listening ${port}`),
    beforeStop: () => {
      calls.push('before stop');
      return Promise.resolve();
    },
  });
  return { listener, calls, patch: (change: Partial<Settings>) => (settings = { ...settings, ...change }) };
}

describe('listener', () => {
  it('listens on the setting, or on the port of the command line', async () => {
    const plain = setUp();
    await plain.listener.apply({ restart: false });
    expect(plain.listener.port()).toBe(4000);
    const overridden = setUp({ override: 0 });
    await overridden.listener.apply({ restart: false });
    expect(overridden.calls).toEqual(['listen 0', 'listening 0']);
  });

  it('drains before it listens on another port, and ends in the state asked for last', async () => {
    const { listener, calls, patch } = setUp();
    await listener.apply({ restart: false });
    patch({ port: 4001 });
    const restarted = listener.apply({ restart: true });
    patch({ proxyEnabled: false });
    await Promise.all([restarted, listener.apply({ restart: false })]);
    expect(calls.slice(2, 4)).toEqual(['before stop', 'drain']);
    expect(listener.state()).toMatchObject({ phase: 'stopped', inFlight: 3 });
    expect(listener.port()).toBeNull();
  });

  it('says why it cannot listen and recovers when the port is changed', async () => {
    const { listener, calls, patch } = setUp({ failOn: 4000 });
    await expect(listener.apply({ restart: false })).rejects.toMatchObject({ code: 'port_in_use' });
    expect(listener.state()).toMatchObject({ phase: 'failed', port: 4000, error: { code: 'port_in_use' } });
    expect(calls).toContain('proxy_failed');
    patch({ port: 4001 });
    await listener.apply({ restart: true });
    expect(listener.state()).toMatchObject({ phase: 'listening', port: 4001, error: null });
  });
});
