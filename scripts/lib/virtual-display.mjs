import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { firstLine, startBackground } from './background-process.mjs';
import { giveTo } from './unprivileged-user.mjs';

const SCREEN = '1440x960x24';

/**
 * Starts Xvfb on a free display number. Only who can read the cookie file may draw on it or look at it.
 * @param {object} options
 * @param {string} options.folder
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} options.user
 * @param {Array<() => Promise<void>>} options.stops
 */
export async function startDisplay({ folder, user, stops }) {
  const cookieFile = path.join(folder, 'xauthority');
  await writeFile(cookieFile, xauthority(randomBytes(16)), { mode: 0o600 });
  const args = [
    '-displayfd',
    '3',
    '-auth',
    cookieFile,
    '-screen',
    '0',
    SCREEN,
    '-nolisten',
    'tcp',
    '-noreset',
  ];
  const child = startBackground('Xvfb', args, {
    env: process.env,
    user: undefined,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    stops,
  });
  const number = await firstLine(child, /** @type {NodeJS.ReadableStream} */ (child.stdio[3]), 'Xvfb');
  await giveTo(user, cookieFile);
  return { DISPLAY: `:${number}`, XAUTHORITY: cookieFile };
}

/**
 * An Xauthority entry that matches any display: the number is known only once the server runs.
 * @param {Buffer} cookie
 */
function xauthority(cookie) {
  const FAMILY_WILD = 0xffff;
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie];
  return Buffer.concat([uint16(FAMILY_WILD), ...fields.flatMap((field) => [uint16(field.length), field])]);
}

/** @param {number} value */
function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
