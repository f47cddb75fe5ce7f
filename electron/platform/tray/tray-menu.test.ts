import { describe, expect, it } from 'vitest';
import { sampleAccount, samplePool, sampleState } from '../testing/sample-state.ts';
import { stateLine, trayMenu } from './tray-menu.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const item = (state: ReturnType<typeof sampleState>, id: string) =>
  trayMenu(state, NOW).find((entry) => entry.id === id);

describe('tray menu', () => {
  it('has everything one needs without a window, in this order', () => {
    const ids = trayMenu(sampleState({ accounts: [sampleAccount()] }), NOW).map((entry) => entry.id);
    expect(ids.filter((id) => !id.startsWith('separator'))).toEqual([
      'state',
      'proxy',
      'account:a1',
      'copy-address',
      'open',
      'pause-all',
      'settings',
      'quit',
    ]);
  });

  it('says when work can go on', () => {
    const pool = samplePool({
      phase: 'cooling',
      canServe: 0,
      backAt: NOW + 60_000,
      summary: 'None can serve.',
    });
    expect(stateLine(sampleState({ pool }), NOW)).toMatch(/^None can serve\. Back at .+\(.+\)\.$/);
  });

  it('says why the proxy does not listen', () => {
    const error = { code: 'port_in_use' as const, message: 'Port 8459 is taken.' };
    const proxy = { phase: 'failed', port: 8459, error, inFlight: 0, since: null } as const;
    expect(stateLine(sampleState({ proxy }), NOW)).toBe('Port 8459 is taken.');
    expect(item(sampleState({ proxy }), 'copy-address')?.enabled).toBe(false);
  });

  it('offers to resume when every account is paused', () => {
    const accounts = [sampleAccount({ paused: true, state: 'paused' })];
    expect(item(sampleState({ accounts }), 'resume-all')?.enabled).toBe(true);
    expect(item(sampleState({ accounts }), 'pause-all')).toBeUndefined();
  });

  it('an ampersand in a name is no mnemonic', () => {
    const accounts = [sampleAccount({ name: 'R&D' })];
    expect(item(sampleState({ accounts }), 'account:a1')?.label).toContain('R&&D');
  });

  it('leaves a long list to the window', () => {
    const accounts = Array.from({ length: 15 }, (_, index) => sampleAccount({ id: `a${index}` }));
    expect(item(sampleState({ accounts }), 'open-accounts')?.label).toBe('and 3 more');
  });

  it('offers to sign a refused login in again, right below it', () => {
    const accounts = [
      sampleAccount({ kind: 'oauth', name: 'R&D', state: 'sign-in-needed' }),
      sampleAccount({ id: 'a2', kind: 'oauth' }),
      sampleAccount({ id: 'a3', kind: 'api-key', state: 'sign-in-needed' }),
    ];
    const ids = trayMenu(sampleState({ accounts }), NOW).map((entry) => entry.id);
    expect(ids.filter((id) => /^(account|sign-in):/.test(id))).toEqual([
      'account:a1',
      'sign-in:a1',
      'account:a2',
      'account:a3',
    ]);
    expect(item(sampleState({ accounts }), 'sign-in:a1')?.label).toBe('Sign R&&D in again');
  });

  it('cannot switch a proxy whose thread is down', () => {
    const { threads } = sampleState();
    const engine = { ...threads.engine, phase: 'restarting' as const };
    expect(item(sampleState({ threads: { ...threads, engine } }), 'proxy')?.enabled).toBe(false);
  });
});
