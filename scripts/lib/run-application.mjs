import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { say } from './say.mjs';

/** One Ctrl+C arrives up to three times: from the terminal, through npm, through the shell between. */
const SAME_SIGNAL_MS = 1500;
/** How often to look whether npm, which starts us through a shell, is still there. */
const PARENT_POLL_MS = 250;
/** How long the application may take to close after a signal; its own deadline is shorter. */
const CLOSE_MS = 20_000;

/**
 * Runs a program as if it were us: same terminal, signals passed on once, its exit code returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd?: string }} options
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 */
export function runApplication(command, args, options) {
  const child = spawn(command, args, {
    ...options,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  const stopPassing = passSignals(child);
  const endAtOnce = () => child.kill('SIGKILL');
  process.once('exit', endAtOnce);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      stopPassing();
      process.off('exit', endAtOnce);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function passSignals(child) {
  let last = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let overdue;
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    if (Date.now() - last < SAME_SIGNAL_MS) return;
    last = Date.now();
    child.kill(signal);
    overdue ??= setTimeout(() => {
      say('the application did not close in time; ending it');
      child.kill('SIGKILL');
    }, CLOSE_MS);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const watch = onNpmGone(() => pass('SIGTERM'));
  return () => {
    clearTimeout(overdue);
    clearInterval(watch);
    for (const signal of signals) process.off(signal, pass);
  };
}

/**
 * npm passes a SIGTERM to the shell between it and us, which ends without telling us. That shell going away is
 * the signal then.
 * @param {() => void} act
 */
function onNpmGone(act) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, PARENT_POLL_MS);
  return watch;
}
