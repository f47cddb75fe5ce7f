import { spawn } from 'node:child_process';

/**
 * Runs a program to its end with its output on our stderr (or captured) and rejects when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, quiet?: boolean, input?: string,
 *   uid?: number, gid?: number }} [options]
 *   `capture` returns stdout instead of showing it; `quiet` shows output only when the program fails.
 * @returns {Promise<string>} stdout when captured or quiet, otherwise ''
 * @throws {Error} naming the command, its exit code or signal, and the end of its output when hidden
 */
export function run(command, args, options = {}) {
  const { capture = false, quiet = false, input, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...rest,
      stdio: [input === undefined ? 'ignore' : 'pipe', capture || quiet ? 'pipe' : 2, quiet ? 'pipe' : 2],
    });
    let stdout = '';
    let output = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.stdin?.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const tail = quiet ? `\n${output.slice(-4000)}` : '';
      reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}${tail}`));
    });
  });
}
