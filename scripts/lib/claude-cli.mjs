import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cachedFolder } from './cached-folder.mjs';
import { npm, withoutNpmSettings } from './npm.mjs';
import { NODE_24 } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const VERSION = '2.1.330';
const PACKAGE = '@anthropic-ai/claude-code';

/**
 * The Claude Code command line, a client we are tested with but do not depend on: installed into the cache.
 * @returns {Promise<string>} the `claude` executable
 */
export async function ensureClaudeCli() {
  const name = `claude-code-${VERSION}-${process.platform}-${process.arch}`;
  const folder = await cachedFolder(name, async (draft) => {
    say(`fetching Claude Code ${VERSION} for the tests with real clients (once) ...`);
    await writeFile(path.join(draft, 'package.json'), '{ "private": true }');
    await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${VERSION}`], {
      cwd: draft,
      quiet: true,
      env: withNode24(),
    });
    // Puts the program for this system in place of a stub. npm may be set up to run no such script.
    const home = path.join(draft, 'node_modules', PACKAGE);
    await run(NODE_24, ['install.cjs'], { cwd: home, quiet: true, env: withNode24() });
    await run(executableIn(draft), ['--version'], { quiet: true });
  });
  return executableIn(folder);
}

/** @param {string} folder */
function executableIn(folder) {
  return path.join(folder, 'node_modules', PACKAGE, 'bin/claude.exe');
}

function withNode24() {
  const env = withoutNpmSettings();
  return { ...env, PATH: `${path.dirname(NODE_24)}${path.delimiter}${env.PATH ?? ''}` };
}
