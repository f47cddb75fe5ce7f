import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDERS = ['electron', 'shared', 'renderer', 'resources'];
const FILES = ['package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.json'];
/** Changing a test is no reason to build. */
const NOT_BUILT = /\.test\.tsx?$|\.e2e\.ts$|^(electron|renderer)\/testing\/|^electron\/e2e\//;

/**
 * One digest over every file that can change the built application.
 * @param {string} root the checkout
 */
export function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const file of builtFiles(root)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} root */
function builtFiles(root) {
  const found = FOLDERS.flatMap((folder) => filesBelow(root, folder));
  const top = FILES.filter((file) => readdirSync(root).includes(file));
  return [...found, ...top].filter((file) => !NOT_BUILT.test(file)).sort();
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]} relative to root, with forward slashes
 */
function filesBelow(root, folder) {
  try {
    const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
    return entries.flatMap((entry) => {
      const file = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, file) : [file];
    });
  } catch {
    return [];
  }
}
