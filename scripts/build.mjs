// npm run build
import { buildApp, linkNativeModules } from './lib/build-app.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { electronInUse } from './lib/find-electron.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensurePackages();
  await buildApp();
  await linkNativeModules(electronInUse());
});
