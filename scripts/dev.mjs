// npm run dev [-- arguments of the application]: rebuilds and reloads on every change
import path from 'node:path';
import { forgetBuild, linkNativeModules } from './lib/build-app.mjs';
import { main } from './lib/main.mjs';
import { isRoot, NODE_24, ROOT } from './lib/places.mjs';
import { prepareElectron } from './lib/prepare.mjs';
import { runApplication } from './lib/run-application.mjs';
import { sessionIfNeeded } from './lib/session-if-needed.mjs';

await main(async () => {
  const electron = await prepareElectron();
  await forgetBuild();
  await linkNativeModules(electron);
  const session = await sessionIfNeeded();
  try {
    const cli = path.join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
    const own = isRoot ? ['--noSandbox'] : [];
    const args = [cli, 'dev', '--watch', ...own, '--', ...session.electronArgs, ...process.argv.slice(2)];
    const env = {
      ...process.env,
      ...session.env,
      ELECTRON_OVERRIDE_DIST_PATH: electron.folder,
      ELECTRON_EXEC_PATH: electron.executable,
    };
    return await runApplication(NODE_24, args, { cwd: ROOT, env });
  } finally {
    await session.stop();
  }
});
