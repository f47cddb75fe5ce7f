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

/** Whether the bar that holds tray icons is dark: it follows the system, not our setting. */
export function isBarDark(): boolean {
  // GNOME's top bar is dark in both of its styles.
  if (process.platform === 'linux' && /gnome|unity/i.test(process.env.XDG_CURRENT_DESKTOP ?? '')) return true;
  const system: boolean | undefined = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
  return system ?? nativeTheme.shouldUseDarkColors;
}

/** Calls back when that changes. */
export function onThemeChange(listener: () => void): void {
  nativeTheme.on('updated', listener);
}
