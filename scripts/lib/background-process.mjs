import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
/** How long a part of the session may take to end before it is killed. */
const END_MS = 2000;
/** How long a part of the session may take to say that it is ready. */
const READY_MS = 15_000;

/**
 * Starts a program that serves us until we stop it. It lives in a process group of its own, so that Ctrl+C in the
 * terminal does not reach it before the application, and ends with us even when we are killed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} options.user
 * @param {import('node:child_process').StdioOptions} options.stdio
 * @param {Array<() => Promise<void>>} options.stops gets the way to end the program
 */
export function startBackground(command, args, { env, user, stdio, stops }) {
  const bound = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM', command] : [command];
  const [program = command, ...before] = bound;
  const identity = user ? { uid: user.uid, gid: user.gid, cwd: '/' } : {};
  const child = spawn(program, [...before, ...args], { env, stdio, detached: true, ...identity });
  child.on('error', () => {});
  const endAtOnce = () => child.kill('SIGKILL');
  process.once('exit', endAtOnce);
  stops.push(async () => {
    await end(child);
    process.off('exit', endAtOnce);
  });
  return child;
}

/**
 * Waits for the first line on a stream of the program.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.ReadableStream | null | undefined} stream
 * @param {string} name for the error message
 * @returns {Promise<string>}
 */
export function firstLine(child, stream, name) {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => reject(new Error(`${name} did not get ready`)), READY_MS);
    late.unref();
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => reject(new Error(`${name} ended with ${signal ?? code}`)));
    stream?.on('data', (chunk) => {
      text += chunk;
      if (!text.includes('\n')) return;
      clearTimeout(late);
      resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), END_MS);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve(undefined);
    });
    child.kill('SIGTERM');
  });
}
