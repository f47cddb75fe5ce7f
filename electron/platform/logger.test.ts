import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

describe('log file', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'ccflare-log-')), 'logs', 'ccflare.log');
  const log = createLogger({ file, toStderr: false });
  const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');

  it('gets one line per event, newest last, readable for the user only', () => {
    log.info('first', { port: 1 });
    log.warn('second', { text: 'two\nlines' });
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toMatch(/info first port=1$/);
    expect(lines()[1]).toMatch(/warn second text="two\\nlines"$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('a secret that a caller lets through is taken out', () => {
    log.error('failed', { message: 'key sk-ant-api03-abcdefghijklmnop refused', header: 'Bearer abc.def' });
    expect(lines().at(-1)).toContain('redacted');
    expect(lines().at(-1)).not.toContain('abcdefghijklmnop');
    expect(lines().at(-1)).not.toContain('abc.def');
  });

  it('follows the level of the settings', () => {
    log.setLevel('error');
    const before = lines().length;
    log.info('quiet');
    log.error('loud');
    expect(lines()).toHaveLength(before + 1);
  });
});
