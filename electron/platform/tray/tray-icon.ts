import path from 'node:path';
import { canServe } from '../../../shared/account.ts';
import type { AppState } from '../../../shared/app-state.ts';

/** What the icon says; the shapes differ, not only the colours. */
export type TrayIconState = 'serving' | 'cooling' | 'off' | 'attention';

/** Icon for a state. Pure. */
export function trayIconState(state: AppState): TrayIconState {
  const broken = state.proxy.phase === 'failed' || state.threads.engine.phase === 'failed';
  if (broken || state.vault.phase === 'locked' || state.vault.phase === 'choice-needed') return 'attention';
  if (state.proxy.phase !== 'listening') return 'off';
  if (state.accounts.some((account) => canServe(account.state))) return 'serving';
  if (state.pool.phase === 'cooling') return 'cooling';
  return state.pool.phase === 'empty' ? 'off' : 'attention';
}

/**
 * File of an icon: a template image on macOS, which colours it itself; elsewhere one for a dark or a light bar.
 * Linux panels scale a single picture, so they get the size most of them show.
 */
export function trayIconFile(folder: string, icon: TrayIconState, platform: string, dark: boolean): string {
  if (platform === 'darwin') return path.join(folder, `${icon}Template.png`);
  return path.join(folder, `${icon}-${dark ? 'dark' : 'light'}${platform === 'linux' ? '-24' : ''}.png`);
}
