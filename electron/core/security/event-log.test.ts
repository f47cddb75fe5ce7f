import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createEventLog } from './event-log.ts';

describe('event log', () => {
  it('keeps the newest hundred, newest first, and tells of each', () => {
    const clock = createFakeClock();
    let told = 0;
    const log = createEventLog(clock, () => {
      told += 1;
    });
    for (let n = 0; n < 150; n += 1) {
      clock.advance(1);
      log.add({ level: 'info', code: 'counted', message: `event ${n}` });
    }
    const events = log.list();
    expect(told).toBe(150);
    expect(events).toHaveLength(100);
    expect(events[0]).toMatchObject({ message: 'event 149', at: clock.now(), accountId: null });
    expect(events.at(-1)?.message).toBe('event 50');
    expect(new Set(events.map(({ id }) => id)).size).toBe(100);
  });

  it('bounds messages and takes secrets out, also where the bound would cut one', () => {
    const log = createEventLog(createFakeClock(), () => undefined);
    log.add({
      level: 'bad',
      code: 'x',
      message: `${'a '.repeat(140)}sk-ant-api03-Q7${'b'.repeat(80)}`,
      accountId: 'a1',
    });
    const [event] = log.list();
    expect(event?.accountId).toBe('a1');
    expect(event?.message.length).toBeLessThanOrEqual(300);
    expect(event?.message).not.toContain('Q7');
  });
});
