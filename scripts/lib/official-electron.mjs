import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, NODE_24, ROOT } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const CONNECT_TIMEOUT_MS = 20_000;
/** After a failure the next attempt waits this long, so that starting offline stays quick. */
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Downloads Electron into node_modules/electron/dist by the electron package's own installer, which checks its
 * digests. Whether the server answers is asked first, with a short limit.
 * @returns {Promise<string | undefined>} why it did not work, undefined when it did
 */
export async function downloadElectron() {
  const note = path.join(cacheFolder(), 'electron-download-failed.txt');
  const earlier = await recentFailure(note);
  if (earlier) return earlier;
  try {
    await askServer();
    say('downloading Electron ...');
    await run(NODE_24, [path.join(ROOT, 'node_modules/electron/install.js')], {
      quiet: true,
      env: proxyAware(),
    });
    await rm(note, { force: true });
    return undefined;
  } catch (error) {
    const reason = firstLine(error);
    await mkdir(cacheFolder(), { recursive: true });
    await writeFile(note, `${reason}\nTried again a day after this file was written, or when it is gone.\n`);
    return reason;
  }
}

/** @param {string} note */
async function recentFailure(note) {
  try {
    if (Date.now() - (await stat(note)).mtimeMs > RETRY_AFTER_MS) return undefined;
    return (await readFile(note, 'utf8')).split('\n')[0];
  } catch {
    return undefined;
  }
}

/** Any answer will do: the point is to fail within seconds where there is no way out. */
async function askServer() {
  const { ELECTRON_MIRROR, npm_config_electron_mirror } = process.env;
  const address =
    ELECTRON_MIRROR || npm_config_electron_mirror || 'https://github.com/electron/electron/releases/';
  const program = `await fetch(process.argv[1], { method: 'HEAD', signal: AbortSignal.timeout(${CONNECT_TIMEOUT_MS}) })`;
  const failing = `${program}.catch((error) => { console.error(error.cause?.message ?? error.message); process.exit(1); })`;
  try {
    await run(NODE_24, ['--input-type=module', '-e', failing, address], { quiet: true, env: proxyAware() });
  } catch (error) {
    const detail = String(error).trim().split('\n').pop();
    throw new Error(`${new URL(address).host} does not answer: ${detail}`);
  }
}

function proxyAware() {
  return { ...process.env, NODE_USE_ENV_PROXY: '1' };
}

/** @param {unknown} error */
function firstLine(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
