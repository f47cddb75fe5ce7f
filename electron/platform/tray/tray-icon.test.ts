import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AppState } from '../../../shared/app-state.ts';
import { sampleAccount, samplePool, sampleState } from '../testing/sample-state.ts';
import { trayIconFile, trayIconState } from './tray-icon.ts';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../resources/tray');
const accounts = [sampleAccount()];
const spent = [sampleAccount({ state: 'spent' })];
const stopped: AppState['proxy'] = { phase: 'stopped', port: null, error: null, inFlight: 0, since: null };

describe('tray icon', () => {
  it.each<[string, Partial<AppState>, string]>([
    ['an account can serve', { accounts, pool: samplePool() }, 'serving'],
    ['all are cooling', { accounts: spent, pool: samplePool({ phase: 'cooling', canServe: 0 }) }, 'cooling'],
    ['all need the user', { accounts: spent, pool: samplePool({ phase: 'down', canServe: 0 }) }, 'attention'],
    ['the proxy is off', { accounts, proxy: stopped }, 'off'],
    ['the proxy failed', { accounts, proxy: { ...stopped, phase: 'failed' } }, 'attention'],
    [
      'the vault is locked',
      { accounts, vault: { phase: 'locked', mode: 'passphrase', backend: null, explanation: '' } },
      'attention',
    ],
  ])('when %s', (_, change, icon) => {
    expect(trayIconState(sampleState(change))).toBe(icon);
  });

  it('exists for every state, system and bar', () => {
    for (const icon of ['serving', 'cooling', 'off', 'attention'] as const) {
      for (const platform of ['darwin', 'win32', 'linux']) {
        for (const dark of [true, false]) {
          expect(existsSync(trayIconFile(folder, icon, platform, dark))).toBe(true);
        }
      }
    }
  });
});
