import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Damaged files that are kept for a look later; older ones go, so that a failing disk cannot fill up with them. */
const KEPT = 3;

/** SQLite keeps unwritten pages beside the file; they belong to it. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * Renames a damaged database, which must be closed, to `<name>.damaged-<time>`, so that a new one can begin in its
 * place and nothing is lost that somebody might still rescue. Answers the new base name.
 */
export function setAside(file: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[:.]/g, '-');
  const aside = freeName(`${file}.damaged-${time}`);
  for (const companion of COMPANIONS) {
    if (existsSync(file + companion)) renameSync(file + companion, aside + companion);
  }
  removeOldest(file);
  return basename(aside);
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(name); count += 1) name = `${wanted}-${count}`;
  return name;
}

function removeOldest(file: string): void {
  const folder = dirname(file);
  const damaged = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.damaged-`) && !/-(wal|shm)$/.test(name))
    .sort();
  for (const name of damaged.slice(0, -KEPT)) {
    for (const companion of COMPANIONS) rmSync(join(folder, name + companion), { force: true });
  }
}
