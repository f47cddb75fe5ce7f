import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBackground } from './background-process.mjs';
import { run } from './run.mjs';
import { giveTo } from './unprivileged-user.mjs';

const READY_MS = 10_000;
const POLL_MS = 20;
const PASSWORD_FILE = 'password';

/**
 * Starts an unlocked gnome-keyring. Its password lies beside it, readable by its owner alone, since nobody is
 * there to type it: what the keychain holds is then as safe as that file.
 * @param {object} options
 * @param {Record<string, string>} options.env the bus to serve on
 * @param {string} options.keyringFolder
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} options.user
 * @param {Array<() => Promise<void>>} options.stops
 */
export async function startKeyring({ env, keyringFolder, user, stops }) {
  const password = await passwordOf(keyringFolder, user);
  const child = startBackground(
    'gnome-keyring-daemon',
    [
      '--foreground',
      '--unlock',
      '--components=secrets',
      `--control-directory=${env.XDG_RUNTIME_DIR}/keyring`,
    ],
    {
      env: { ...process.env, ...env, HOME: keyringFolder, XDG_DATA_HOME: keyringFolder },
      user,
      stdio: ['pipe', 'ignore', 'ignore'],
      stops,
    },
  );
  // Without a newline: it would become part of the password.
  child.stdin?.end(password);
  await serves(child, { ...process.env, ...env }, user);
}

/**
 * @param {string} folder
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} user
 */
async function passwordOf(folder, user) {
  const file = path.join(folder, PASSWORD_FILE);
  try {
    return await readFile(file, 'utf8');
  } catch {
    const password = randomBytes(32).toString('hex');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, password, { mode: 0o600 });
    await giveTo(user, folder, file);
    return password;
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} user
 */
async function serves(child, env, user) {
  let failure = '';
  child.once('error', (error) => {
    failure = error.message;
  });
  const started = Date.now();
  while (Date.now() - started < READY_MS) {
    if (failure || child.exitCode !== null) break;
    if (await hasOwner(env, user)) return;
    await sleep(POLL_MS);
  }
  throw new Error(
    `gnome-keyring-daemon does not serve secrets ${failure || `(exit code ${child.exitCode})`}`,
  );
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} user
 */
async function hasOwner(env, user) {
  const call = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
  ];
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const reply = await run('dbus-send', [...call, 'string:org.freedesktop.secrets'], {
    env,
    quiet: true,
    ...identity,
  });
  return reply.includes('boolean true');
}
