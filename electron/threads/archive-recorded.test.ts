import { describe, expect, it } from 'vitest';
import type { RequestRow } from '../../shared/request-record.ts';
import { sampleRecord } from '../core/recording/testing/sample-record.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createRecordedFeed } from './archive-recorded.ts';

function setUp() {
  const clock = createFakeClock();
  const sent: RequestRow[][] = [];
  const feed = createRecordedFeed(clock, (rows) => sent.push(rows));
  return { clock, feed, sent };
}

describe('recorded feed', () => {
  it('sends at most four times per second and loses no row of light traffic', () => {
    const { clock, feed, sent } = setUp();
    for (let n = 0; n < 100; n += 1) {
      feed.add([sampleRecord({ id: String(n) })]);
      clock.advance(10);
    }
    expect(sent.length).toBeLessThanOrEqual(5);
    clock.advance(250);
    expect(sent.flat().map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  });

  it('keeps the newest 200 rows of heavy traffic', () => {
    const { clock, feed, sent } = setUp();
    feed.add(Array.from({ length: 350 }, (_, n) => sampleRecord({ id: String(n) })));
    clock.advance(250);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toHaveLength(200);
    expect(sent[0]?.at(-1)?.id).toBe('349');
  });

  it('sends list rows only, without the trace', () => {
    const { feed, sent } = setUp();
    feed.add([sampleRecord()]);
    feed.close();
    expect(Object.keys(sent[0]?.[0] ?? {})).not.toContain('trace');
  });
});
