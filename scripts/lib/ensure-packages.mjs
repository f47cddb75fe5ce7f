import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { installedMatchesLock } from './installed-matches-lock.mjs';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';
import { NODE_24, ROOT } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const INSTALL = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Brings node_modules in line with package-lock.json and makes sure that Node 24 is in it. */
export async function ensurePackages() {
  if (isInstalled() && existsSync(NODE_24)) return;
  await withLock(path.join(ROOT, '.cache/install.lock'), async () => {
    if (!isInstalled()) await install();
    if (!existsSync(NODE_24)) await placeNode();
  });
}

function isInstalled() {
  return installedMatchesLock(readJson('package-lock.json'), readJson('node_modules/.package-lock.json'));
}

async function install() {
  say('installing packages (npm ci) ...');
  try {
    await npm(['ci', ...INSTALL], { cwd: ROOT });
  } catch {
    // npm ci also refuses a lockfile that lacks an optional package of some other platform.
    say('npm ci did not go through; trying npm install with the same lockfile ...');
    await npm(['install', '--no-save', ...INSTALL], { cwd: ROOT });
  }
}

/** The `node` package fetches its binary in an install script, which npm may have been told to skip. */
async function placeNode() {
  say('fetching Node 24 for the tools ...');
  await run(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: path.join(ROOT, 'node_modules/node'),
    quiet: true,
  });
  if (!existsSync(NODE_24)) throw new Error(`Node 24 is missing: ${NODE_24}. Try: npm rebuild node`);
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
  } catch {
    return undefined;
  }
}
