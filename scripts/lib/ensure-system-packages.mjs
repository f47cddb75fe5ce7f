import { existsSync } from 'node:fs';
import { isRoot, onPath } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** What Chromium links against. */
const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libsecret-1-0'];
/** What a session without a screen needs: a display, a bus, a keychain. */
const SESSION = ['xvfb', 'xauth', 'dbus-x11', 'gnome-keyring'];
/** What compiles a native module; looked for by program, since they often come from elsewhere. */
const COMPILERS = { 'g++': 'g++', make: 'make', python3: 'python3' };

/**
 * Libraries for Electron, and with `session` the parts of a virtual desktop. Linux with apt only: elsewhere the
 * programs come with the system or their absence is reported by whoever needs them.
 * @param {{ session: boolean }} need
 */
export async function ensureSystemPackages({ session }) {
  if (!hasApt()) return;
  const wanted = session ? [...LIBRARIES, ...SESSION] : LIBRARIES;
  await ensure(await missingOf(wanted));
}

/** A compiler, make and Python, for node-gyp. */
export async function ensureCompilers() {
  if (!hasApt()) return;
  const missing = Object.entries(COMPILERS).filter(([program]) => !onPath(program));
  await ensure(missing.map(([, name]) => name));
}

function hasApt() {
  return process.platform === 'linux' && existsSync('/usr/bin/dpkg-query') && existsSync('/usr/bin/apt-get');
}

/** @param {readonly string[]} missing */
async function ensure(missing) {
  if (missing.length === 0) return;
  if (!isRoot) {
    throw new Error(`system packages are missing. Run: sudo apt-get install ${missing.join(' ')}`);
  }
  say(`installing system packages: ${missing.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, quiet: true });
  const names = await Promise.all(missing.map(availableName));
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, quiet: true });
}

/** @param {readonly string[]} names */
async function missingOf(names) {
  const both = names.flatMap((name) => [name, `${name}t64`]);
  // dpkg-query fails when it does not know one of the names; what it prints is right all the same.
  const query = ['-c', 'dpkg-query -W "$@" 2>/dev/null || true', 'sh', ...both];
  const listed = await run('sh', query, { capture: true });
  const installed = new Set(listed.split('\n').flatMap((line) => line.match(/^([^\s:]+)\S*\t\S/)?.[1] ?? []));
  return names.filter((name) => !installed.has(name) && !installed.has(`${name}t64`));
}

/**
 * Newer releases renamed libraries in the move to 64-bit time: `libgtk-3-0t64`.
 * @param {string} name
 */
async function availableName(name) {
  const policy = await run('apt-cache', ['policy', `${name}t64`], { capture: true });
  return /Candidate: \d/.test(policy) ? `${name}t64` : name;
}
