import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../shared/request-record.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { ArchiveInbound } from '../thread-contract.ts';
import { createRecorder } from './recorder.ts';
import { sampleRecord } from './testing/sample-record.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The archive's end, played by the test. */
function fakeArchive() {
  const batches: { batch: number; records: RequestRecord[] }[] = [];
  let listener: (message: unknown) => void = () => {};
  return {
    batches,
    ids: () => batches.flatMap(({ records }) => records.map(({ id }) => id)),
    acknowledge: (batch: number) => listener({ type: 'written', batch }),
    port: {
      postMessage(message: unknown) {
        const inbound = message as ArchiveInbound;
        if (inbound.type !== 'records') return;
        batches.push({ batch: inbound.batch, records: JSON.parse(inbound.json) as RequestRecord[] });
      },
      on(_event: 'message', heard: (message: unknown) => void) {
        listener = heard;
      },
    },
  };
}

function setUp(options: { limit?: number; batchSize?: number } = {}) {
  const clock = createFakeClock();
  const drops: [number, number][] = [];
  const recorder = createRecorder({
    clock,
    log: quiet,
    onDropped: (count, total) => drops.push([count, total]),
    ...options,
  });
  const record = (...ids: string[]) => {
    for (const id of ids) recorder.record(sampleRecord({ id }));
  };
  return { clock, drops, recorder, record };
}

describe('recorder', () => {
  it('sends nothing inside record and a batch after a quarter of a second', () => {
    const { clock, recorder, record } = setUp();
    const archive = fakeArchive();
    recorder.attach(archive.port);
    record('a', 'b');
    clock.advance(249);
    expect(archive.batches).toHaveLength(0);
    clock.advance(1);
    expect(archive.ids()).toEqual(['a', 'b']);
    expect(recorder.depth()).toBe(2);
    archive.acknowledge(1);
    expect(recorder.depth()).toBe(0);
  });

  it('sends a full batch without waiting for the timer', () => {
    const { clock, recorder, record } = setUp({ batchSize: 2 });
    const archive = fakeArchive();
    recorder.attach(archive.port);
    record('a', 'b');
    expect(archive.batches).toHaveLength(0);
    clock.advance(0);
    expect(archive.ids()).toEqual(['a', 'b']);
  });

  it('keeps at most two batches unacknowledged', () => {
    const { clock, recorder, record } = setUp({ batchSize: 1 });
    const archive = fakeArchive();
    recorder.attach(archive.port);
    record('a', 'b', 'c', 'd');
    clock.advance(10_000);
    expect(archive.ids()).toEqual(['a', 'b']);
    archive.acknowledge(1);
    expect(archive.ids()).toEqual(['a', 'b', 'c']);
    archive.acknowledge(2);
    archive.acknowledge(3);
    expect(archive.ids()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('drops the oldest above the bound and reports them together', () => {
    const { clock, drops, recorder, record } = setUp({ limit: 3 });
    record('a', 'b', 'c', 'd', 'e');
    expect(recorder.depth()).toBe(3);
    expect(recorder.dropped()).toBe(2);
    expect(drops).toEqual([]);
    clock.advance(1_000);
    expect(drops).toEqual([[2, 2]]);
    record('f');
    clock.advance(1_000);
    expect(drops).toEqual([
      [2, 2],
      [1, 3],
    ]);
    const archive = fakeArchive();
    recorder.attach(archive.port);
    expect(archive.ids()).toEqual(['d', 'e', 'f']);
  });

  it('counts unacknowledged records against the bound but never drops them', () => {
    const { clock, recorder, record } = setUp({ limit: 2, batchSize: 1 });
    const archive = fakeArchive();
    recorder.attach(archive.port);
    record('a', 'b');
    clock.advance(0);
    record('c');
    expect(recorder.depth()).toBe(2);
    expect(recorder.dropped()).toBe(1);
    const next = fakeArchive();
    recorder.attach(next.port);
    expect(next.ids()).toEqual(['a', 'b']);
  });

  it('sends unacknowledged batches again to the next archive, then the rest in order', () => {
    const { clock, recorder, record } = setUp({ batchSize: 1 });
    const first = fakeArchive();
    recorder.attach(first.port);
    record('a', 'b', 'c');
    clock.advance(0);
    first.acknowledge(1);
    expect(first.ids()).toEqual(['a', 'b', 'c']);
    recorder.attach(null);
    record('d');
    const second = fakeArchive();
    recorder.attach(second.port);
    expect(second.ids()).toEqual(['b', 'c']);
    first.acknowledge(2);
    expect(recorder.depth()).toBe(3);
    second.acknowledge(2);
    expect(second.ids()).toEqual(['b', 'c', 'd']);
  });

  it('flush resolves when all is acknowledged', async () => {
    const { recorder, record } = setUp({ batchSize: 1 });
    const archive = fakeArchive();
    recorder.attach(archive.port);
    record('a', 'b', 'c');
    let flushed = false;
    const flush = recorder.flush().then(() => {
      flushed = true;
    });
    archive.acknowledge(1);
    archive.acknowledge(2);
    await Promise.resolve();
    expect(flushed).toBe(false);
    archive.acknowledge(3);
    await flush;
    expect(recorder.depth()).toBe(0);
  });

  it('flush gives up at its deadline and when there never was an archive', async () => {
    const { clock, recorder, record } = setUp();
    record('a');
    await recorder.flush();
    recorder.attach(fakeArchive().port);
    const flush = recorder.flush(500);
    clock.advance(500);
    await flush;
    expect(recorder.depth()).toBe(1);
  });
});
