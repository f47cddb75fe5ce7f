import { existsSync } from 'node:fs';
import { Menu, nativeImage, Tray } from 'electron';
import type { AppState } from '../../../shared/app-state.ts';
import { trayIconFile, trayIconState } from './tray-icon.ts';
import { stateLine, type TrayItem, trayMenu } from './tray-menu.ts';

/** The tray icon. */
export type TrayControl = { update(state: AppState): void; destroy(): void };

/** What the tray needs. */
export type TrayDeps = {
  iconFolder: string;
  onCommand: (id: string) => void;
  dark: () => boolean;
};

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
  tray.on('click', () => deps.onCommand('open'));

  function update(state: AppState): void {
    if (gone) return;
    const icon = trayIconFile(deps.iconFolder, trayIconState(state), process.platform, deps.dark());
    if (icon !== shown.icon) tray.setImage(nativeImage.createFromPath(icon));
    const tooltip = `ccflare: ${stateLine(state, Date.now())}`;
    if (tooltip !== shown.tooltip) tray.setToolTip(tooltip);
    Object.assign(shown, { icon, tooltip });
    if (open) waiting = state;
    else setMenu(trayMenu(state, Date.now()));
  }

  function setMenu(items: TrayItem[]): void {
    const key = JSON.stringify(items);
    if (key === shown.menu) return;
    shown.menu = key;
    const menu = Menu.buildFromTemplate(items.map((item) => native(item, deps.onCommand)));
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
    click: () => onCommand(item.id),
  };
}
