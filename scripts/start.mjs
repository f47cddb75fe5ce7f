// npm start [-- arguments of the application]
import { main } from './lib/main.mjs';
import { isRoot, ROOT } from './lib/places.mjs';
import { prepareApp } from './lib/prepare.mjs';
import { runApplication } from './lib/run-application.mjs';
import { say } from './lib/say.mjs';
import { sessionIfNeeded } from './lib/session-if-needed.mjs';

await main(async () => {
  const electron = await prepareApp();
  const session = await sessionIfNeeded();
  try {
    const switches = [...session.electronArgs];
    if (isRoot) {
      say('running as root, where Chromium has no sandbox: passing --no-sandbox');
      switches.push('--no-sandbox');
    }
    const args = [...switches, ROOT, ...process.argv.slice(2)];
    return await runApplication(electron.executable, args, { env: { ...process.env, ...session.env } });
  } finally {
    await session.stop();
  }
});
