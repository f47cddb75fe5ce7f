import path from 'node:path';
import { run } from './run.mjs';

/**
 * Settings that npm hands to its scripts as variables would reach nested npm and node-gyp calls; a foreign
 * `nodedir` would even make node-gyp compile against the wrong headers.
 */
export function withoutNpmSettings(env = process.env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toLowerCase().startsWith('npm_')));
}

/**
 * Runs npm: the very one that started us, else the one on PATH.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function npm(args, options) {
  const cli = process.env.npm_execpath ?? '';
  const settings = { env: withoutNpmSettings(), ...options };
  if (path.basename(cli) === 'npm-cli.js') return run(process.execPath, [cli, ...args], settings);
  if (process.platform === 'win32') return run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], settings);
  return run('npm', args, settings);
}
