import { chown } from 'node:fs/promises';
import { run } from './run.mjs';

/** @typedef {{ name: string, uid: number, gid: number }} UnprivilegedUser */

/**
 * The system user for running things that must not run as root, made when it does not exist. Root only.
 * @param {string} name
 * @returns {Promise<UnprivilegedUser>}
 */
export async function ensureUser(name) {
  const known = await lookUp(name);
  if (known) return known;
  await run(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
    {
      quiet: true,
    },
  );
  const made = await lookUp(name);
  if (!made) throw new Error(`the user ${name} could not be made`);
  return made;
}

/**
 * Makes the user the owner of files and folders; does nothing without a user.
 * @param {UnprivilegedUser | undefined} user
 * @param {readonly string[]} places
 */
export async function giveTo(user, ...places) {
  if (!user) return;
  for (const place of places) await chown(place, user.uid, user.gid);
}

/** @param {string} name */
async function lookUp(name) {
  try {
    const [, , uid, gid] = (await run('getent', ['passwd', name], { capture: true })).split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}
