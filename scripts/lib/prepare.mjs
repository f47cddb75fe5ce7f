import { buildAppWhenChanged, linkNativeModules } from './build-app.mjs';
import { ensurePackages } from './ensure-packages.mjs';
import { ensureSystemPackages } from './ensure-system-packages.mjs';
import { findElectron } from './find-electron.mjs';
import { missingDesktop } from './session-if-needed.mjs';

/** Everything that must be there before the application can run, built from the sources as they are. */
export async function prepareApp() {
  const electron = await prepareElectron();
  await buildAppWhenChanged();
  await linkNativeModules(electron);
  return electron;
}

/** Packages and an Electron. */
export async function prepareElectron() {
  await ensurePackages();
  await ensureSystemPackages({ session: missingDesktop().secrets });
  return findElectron();
}
