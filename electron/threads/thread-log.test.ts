import { describe, expect, it } from 'vitest';
import { createThreadLogger } from './thread-log.ts';

describe('thread logger', () => {
  it('sends lines of its level and above, and follows a changed level', () => {
    const lines: unknown[] = [];
    let level: 'warn' | 'debug' = 'warn';
    const log = createThreadLogger(
      (line) => lines.push(line),
      () => level,
    );
    log.info('left_out');
    log.warn('kept', { rows: 3 });
    level = 'debug';
    log.debug('now_kept');
    expect(lines).toEqual([
      { level: 'warn', event: 'kept', fields: { rows: 3 } },
      { level: 'debug', event: 'now_kept', fields: {} },
    ]);
  });
});
