import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import log from 'electron-log/node';
import { redact } from '../../shared/redact.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Logger } from '../core/thread-contract.ts';

/** Bytes after which the log file becomes `.old` and a new one begins. Two files are kept. */
const MAX_BYTES = 5 * 1024 * 1024;

/** The app's log and how to change its detail. */
export type AppLogger = Logger & { setLevel(level: Settings['logLevel']): void };

/**
 * One line per event, in one file that only the user can read. Redaction sits in front of the file, so that no
 * caller can forget it.
 */
export function createLogger(deps: { file: string; toStderr: boolean }): AppLogger {
  mkdirSync(path.dirname(deps.file), { recursive: true, mode: 0o700 });
  if (!existsSync(deps.file)) writeFileSync(deps.file, '', { mode: 0o600 });
  chmodSync(deps.file, 0o600);
  const file = log.transports.file;
  // Without a name it would look for a package.json and give up where it finds none.
  file.setAppName('ccflare');
  file.resolvePathFn = () => deps.file;
  file.maxSize = MAX_BYTES;
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  file.archiveLogFn = (full) => renameSync(full.path, `${full.path}.old`);
  file.format = '{y}-{m}-{d}T{h}:{i}:{s}.{ms}{z} {level} {text}';
  log.transports.console.level = deps.toStderr ? 'debug' : false;
  // stdout is for the line that other tools wait for.
  log.transports.console.writeFn = ({ message }) => {
    process.stderr.write(`${message.level} ${message.data.join(' ')}\n`);
  };
  log.hooks.push((message) => ({ ...message, data: message.data.map((part) => redact(String(part))) }));
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
    (event, fields) =>
      log[level](lineOf(event, fields));
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel(level) {
      file.level = level;
    },
  };
}

function lineOf(event: string, fields: Parameters<Logger['info']>[1]): string {
  const parts = Object.entries(fields ?? {}).map(
    ([field, value]) => `${field}=${JSON.stringify(value ?? null)}`,
  );
  return [event, ...parts].join(' ');
}
