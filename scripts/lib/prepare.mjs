import { buildAppWhenChanged, linkNativeModules } from './build-app.mjs';
import { ensurePackages } from './ensure-packages.mjs';
import { ensureSystemPackages } from './ensure-system-packages.mjs';
import { findElectron } from './find-electron.mjs';
import { missingDesktop } from './session-if-needed.mjs';

/**
 * Everything that must be there before the application can run, built from the sources as they are.
 * @param {{ session: boolean }} [need] `session`: a virtual desktop is wanted even where there is a real one
 */
export async function prepareApp(need) {
  const electron = await prepareElectron(need);
  await buildAppWhenChanged();
  await linkNativeModules(electron);
  return electron;
}

/**
 * Packages and an Electron.
 * @param {{ session: boolean }} [need]
 */
export async function prepareElectron(need = { session: missingDesktop().secrets }) {
  await ensurePackages();
  await ensureSystemPackages(need);
  return findElectron();
}
