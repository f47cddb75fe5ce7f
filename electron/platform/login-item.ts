import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';

/** Starts the app with the user's session, or no longer. Only for installed apps; a checkout leaves no traces. */
export function setStartAtLogin(enabled: boolean): void {
  if (!app.isPackaged) return;
  if (process.platform === 'linux') autostart(enabled);
  else app.setLoginItemSettings({ openAtLogin: enabled, args: ['--no-window'] });
}

/** Freedesktop autostart entry, since Electron's login items do not cover Linux. */
function autostart(enabled: boolean): void {
  const file = path.join(app.getPath('appData'), 'autostart', 'ccflare.desktop');
  if (!enabled) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  const command = process.env.APPIMAGE ?? process.execPath;
  const unfinished = `${file}.new`;
  writeFileSync(
    unfinished,
    `[Desktop Entry]\nType=Application\nName=ccflare\nExec="${command}" --no-window\nX-GNOME-Autostart-enabled=true\n`,
  );
  renameSync(unfinished, file);
}
