import { existsSync } from 'node:fs';
import { Menu, nativeImage, Tray } from 'electron';
import type { AppState } from '../../../shared/app-state.ts';
import { trayIconFile, trayIconState } from './tray-icon.ts';
import { type TrayItem, trayMenu } from './tray-menu.ts';
import { trayTooltip } from './tray-tooltip.ts';

/** The tray icon. */
export type TrayControl = { update(state: AppState): void; destroy(): void };

/** What the tray needs. */
export type TrayDeps = {
  iconFolder: string;
  onCommand: (id: string) => void;
  dark: () => boolean;
};

/** While accounts are awaited, the words about when are made again this often, ms. */
const COUNTDOWN_MS = 10_000;

/**
 * Makes the tray icon, or answers null on a desktop that has none. Nothing is set again that has not changed, and
 * an open menu is left alone: replacing it would close it under the user's pointer.
 */
export function createTray(deps: TrayDeps): TrayControl | null {
  const tray = makeTray(deps);
  return tray === null ? null : control(tray, deps);
}

function control(tray: Tray, deps: TrayDeps): TrayControl {
  const shown = { icon: '', tooltip: '', menu: '' };
  let open = false;
  let gone = false;
  let waiting: AppState | null = null;
  let countdown: ReturnType<typeof setInterval> | undefined;
  tray.on('click', () => deps.onCommand('open'));

  function update(state: AppState): void {
    if (gone) return;
    const icon = trayIconFile(deps.iconFolder, trayIconState(state), process.platform, deps.dark());
    if (icon !== shown.icon) tray.setImage(nativeImage.createFromPath(icon));
    const tooltip = trayTooltip(state, Date.now());
    if (tooltip !== shown.tooltip) tray.setToolTip(tooltip);
    Object.assign(shown, { icon, tooltip });
    if (open) waiting = state;
    else setMenu(trayMenu(state, Date.now()));
    countDown(state);
  }

  /** Only a return that is awaited changes by itself; everything else comes as a change of the state. */
  function countDown(state: AppState): void {
    clearInterval(countdown);
    if (state.pool.backAt !== null) countdown = setInterval(() => update(state), COUNTDOWN_MS);
  }

  /** The system ticks an item by itself when it is chosen: if that comes to nothing, the menu must be made anew. */
  function onCommand(id: string): void {
    shown.menu = '';
    deps.onCommand(id);
  }

  function setMenu(items: TrayItem[]): void {
    const key = JSON.stringify(items);
    if (key === shown.menu) return;
    shown.menu = key;
    const menu = Menu.buildFromTemplate(items.map((item) => native(item, onCommand)));
    menu.on('menu-will-show', () => {
      open = true;
    });
    menu.on('menu-will-close', () => {
      open = false;
      if (waiting) update(waiting);
      waiting = null;
    });
    tray.setContextMenu(menu);
  }

  return {
    update,
    destroy() {
      gone = true;
      clearInterval(countdown);
      tray.destroy();
    },
  };
}

function makeTray(deps: TrayDeps): Tray | null {
  const icon = trayIconFile(deps.iconFolder, 'off', process.platform, deps.dark());
  if (!existsSync(icon)) return null;
  try {
    return new Tray(nativeImage.createFromPath(icon));
  } catch {
    return null;
  }
}

function native(item: TrayItem, onCommand: (id: string) => void): Electron.MenuItemConstructorOptions {
  if (item.type === 'separator') return { type: 'separator' };
  return {
    id: item.id,
    label: item.label,
    ...(item.type ? { type: item.type } : {}),
    ...(item.checked === undefined ? {} : { checked: item.checked }),
    ...(item.enabled === undefined ? {} : { enabled: item.enabled }),
    ...(item.submenu
      ? { submenu: item.submenu.map((inner) => native(inner, onCommand)) }
      : { click: () => onCommand(item.id) }),
  };
}
