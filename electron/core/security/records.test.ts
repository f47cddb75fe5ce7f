import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { AuditRow } from '../store-ports.ts';
import { createAudit } from './audit.ts';
import { createEventLog } from './event-log.ts';

describe('the audit', () => {
  it('writes time and facts, and neither secrets nor endless texts', () => {
    const rows: Omit<AuditRow, 'id'>[] = [];
    const clock = createFakeClock();
    const store = {
      append: (row: Omit<AuditRow, 'id'>) => void rows.push(row),
      list: () => [],
      prune: () => {},
    };
    createAudit(store, clock).write({
      actor: 'proxy',
      action: 'account.key_refused',
      subject: 'Work',
      outcome: 'failed',
      detail: `refused sk-ant-api03-abcdef ${'x'.repeat(1000)}`,
    });
    expect(rows).toMatchObject([{ at: clock.now(), actor: 'proxy', subject: 'Work', outcome: 'failed' }]);
    expect(rows[0]?.detail).toHaveLength(300);
    expect(rows[0]?.detail).not.toContain('abcdef');
  });
});

describe('the event log', () => {
  it('keeps the newest hundred, newest first, and tells of each', () => {
    let told = 0;
    const events = createEventLog(createFakeClock(), () => {
      told += 1;
    });
    for (let n = 1; n <= 120; n += 1) events.add({ level: 'info', code: 'x', message: `number ${n}` });
    events.add({ level: 'bad', code: 'y', message: 'Bearer abcdef', accountId: 'a' });
    const list = events.list();
    expect(list).toHaveLength(100);
    expect(list[0]).toMatchObject({ level: 'bad', message: 'Bearer [redacted]', accountId: 'a' });
    expect(list[99]).toMatchObject({ message: 'number 22', accountId: null });
    expect(new Set(list.map(({ id }) => id)).size).toBe(100);
    expect(told).toBe(121);
  });

  it('bounds messages and takes secrets out, also where the bound would cut one', () => {
    const events = createEventLog(createFakeClock(), () => {});
    const message = `${'a '.repeat(140)}sk-ant-api03-Q7${'b'.repeat(80)}`;
    events.add({ level: 'bad', code: 'x', message: `${message} ${'c'.repeat(500)}` });
    expect(events.list()[0]?.message).toHaveLength(300);
    expect(events.list()[0]?.message).not.toContain('Q7');
  });
});
