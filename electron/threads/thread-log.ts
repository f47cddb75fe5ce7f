import type { Settings } from '../../shared/settings.ts';
import { LOG_LEVELS } from '../../shared/settings.ts';
import type { LogFields, Logger } from '../core/ports.ts';
import type { EngineEvents } from '../core/thread-contract.ts';

type Level = Settings['logLevel'];

/**
 * A logger for worker threads: lines go to the shell, which owns the log file and redacts. `level` is the least
 * important level that is sent; a function is asked for each line, so that a changed setting counts at once.
 */
export function createThreadLogger(
  send: (line: EngineEvents['log']) => void,
  level: Level | (() => Level),
): Logger {
  const currentLevel = typeof level === 'function' ? level : () => level;
  const at =
    (lineLevel: Level) =>
    (event: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(lineLevel) > LOG_LEVELS.indexOf(currentLevel())) return;
      send({ level: lineLevel, event, fields });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
