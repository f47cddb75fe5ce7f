import { nativeTheme } from 'electron';
import type { Settings } from '../../shared/settings.ts';

/** Follows the setting for native parts; the page follows the same setting by itself. */
export function applyTheme(theme: Settings['theme']): void {
  if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
}

/** Whether dark colours are in use now. */
export function isDark(): boolean {
  return nativeTheme.shouldUseDarkColors;
}

/** Calls back when that changes. */
export function onThemeChange(listener: () => void): void {
  nativeTheme.on('updated', listener);
}
