// npm run bench [-- arguments of bench/run.ts]
import path from 'node:path';
import { main } from './lib/main.mjs';
import { NODE_24, ROOT } from './lib/places.mjs';
import { prepareApp } from './lib/prepare.mjs';
import { runApplication } from './lib/run-application.mjs';
import { sessionIfNeeded } from './lib/session-if-needed.mjs';

await main(async () => {
  const electron = await prepareApp();
  const session = await sessionIfNeeded();
  try {
    const args = [path.join(ROOT, 'bench/run.ts'), ...process.argv.slice(2)];
    const env = { ...process.env, ...session.env, CCFLARE_ELECTRON: electron.executable };
    return await runApplication(NODE_24, args, { cwd: ROOT, env });
  } finally {
    await session.stop();
  }
});
