import { Menu } from 'electron';

/**
 * Keys for copy, paste, close, quit and zoom; macOS also shows it in its menu bar. Electron's own menu would lead
 * to pages on the web.
 */
export function setApplicationMenu(): void {
  const view: Electron.MenuItemConstructorOptions = {
    label: 'View',
    submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
  };
  const mac = process.platform === 'darwin';
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: mac ? 'appMenu' : 'fileMenu' },
      { role: 'editMenu' },
      view,
      { role: 'windowMenu' },
    ]),
  );
}
