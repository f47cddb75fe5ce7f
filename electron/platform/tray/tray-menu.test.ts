import { describe, expect, it } from 'vitest';
import { sampleAccount, samplePool, sampleState } from '../testing/sample-state.ts';
import { stateLine, trayMenu } from './tray-menu.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const item = (state: ReturnType<typeof sampleState>, id: string) =>
  trayMenu(state, NOW)
    .flatMap((entry) => [entry, ...(entry.submenu ?? [])])
    .find((entry) => entry.id === id);

describe('tray menu', () => {
  it('has everything one needs without a window, in this order', () => {
    const ids = trayMenu(sampleState({ accounts: [sampleAccount()] }), NOW).map((entry) => entry.id);
    expect(ids.filter((id) => !id.startsWith('separator'))).toEqual([
      'state',
      'proxy',
      'account:a1',
      'use:auto',
      'use-only',
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

  it('says the window that counts and when it is empty', () => {
    const reading = (bucket: string, label: string, utilisation: number, resetAt: number | null = null) => ({
      ...{ bucket, label, utilisation, resetAt, limit: null, remaining: null, status: null },
      ...{ observedAt: NOW, source: 'header' as const },
    });
    const forecast = (bucket: string, emptyAt: number | null) => ({
      ...{ bucket, label: bucket, ratePerHour: 0.1, emptyAt, resetAt: null, shareAtReset: null },
      confidence: 'good' as const,
    });
    const emptyAt = new Date(NOW).setHours(16, 40);
    const words = (readings: ReturnType<typeof reading>[], forecasts: ReturnType<typeof forecast>[]) =>
      item(sampleState({ accounts: [sampleAccount({ readings, forecasts })] }), 'account:a1')?.label;
    const both = [reading('7d', 'week', 0.9), reading('5h', '5-hour window', 0.42)];
    expect(words(both, [forecast('5h', emptyAt)])).toBe('work: ready, 5-hour window 42 %, empty 16:40');
    expect(words(both, [forecast('7d', emptyAt), forecast('5h', null)])).toContain('week 90 %, empty 16:40');
    expect(words(both, [])).toBe('work: ready, 5-hour window 42 %');
    expect(words([reading('5h', '5-hour window', 0.42, NOW - 1)], [])).toBe('work: ready');
  });

  it('has one choice among all accounts, and the way back to automatic', () => {
    const accounts = [sampleAccount(), sampleAccount({ id: 'a2', name: 'R&D' })];
    const { settings } = sampleState();
    const choice = (pinnedAccountId: string | null) => {
      const state = sampleState({ accounts, settings: { ...settings, pinnedAccountId } });
      return ['use:auto', 'use-only', 'use:a1', 'use:a2']
        .map((id) => item(state, id))
        .map((entry) => (entry?.checked === true ? `[${entry.label}]` : entry?.label));
    };
    expect(choice(null)).toEqual(['[Use automatically]', 'Use only', 'work', 'R&&D']);
    expect(choice('a2')).toEqual(['Use automatically', 'Use only: R&&D', 'work', '[R&&D]']);
    expect(choice('gone')[0]).toBe('[Use automatically]');
  });

  it('keeps the chosen account in sight in a long list', () => {
    const accounts = Array.from({ length: 15 }, (_, index) => sampleAccount({ id: `a${index}` }));
    const settings = { ...sampleState().settings, pinnedAccountId: 'a14' };
    expect(item(sampleState({ accounts, settings }), 'use:a14')?.checked).toBe(true);
  });

  it('cannot switch a proxy whose thread is down', () => {
    const { threads } = sampleState();
    const engine = { ...threads.engine, phase: 'restarting' as const };
    expect(item(sampleState({ threads: { ...threads, engine } }), 'proxy')?.enabled).toBe(false);
  });
});
