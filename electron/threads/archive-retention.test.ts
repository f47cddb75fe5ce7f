import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRecord } from '../core/recording/testing/sample-record.ts';
import { type ArchiveStore, openArchiveStore } from '../store/archive/archive-store.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { createRetentionSchedule, type RetentionSchedule } from './archive-retention.ts';

const DAY_MS = 86_400_000;

let folder = '';
let store: ArchiveStore;
let clock: FakeClock;
let schedule: RetentionSchedule;
let lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-retention-'));
  store = openArchiveStore(join(folder, 'archive.db'));
  clock = createFakeClock();
  const own: string[] = [];
  lines = own;
  const line = (event: string) => own.push(event);
  const log = { debug: line, info: line, warn: line, error: line };
  schedule = createRetentionSchedule({ clock, log, onStore: (work) => work(store) });
});

afterEach(() => {
  schedule.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One request a minute, the newest now. */
function fill(count: number): void {
  const records = Array.from({ length: count }, (_, n) =>
    sampleRecord({ id: `id-${n}`, startedAt: clock.now() - (count - n) * 60_000 }),
  );
  store.write(records);
}

describe('retention', () => {
  it('removes nothing before it has rules', async () => {
    fill(1_000);
    clock.advance(400 * DAY_MS);
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.storage().requestRows).toBe(1_000);
  });

  it('removes what is older than its days, at once and then hourly, and keeps the sums', async () => {
    fill(4_000);
    const sums = store.totals(0, clock.now()).all;
    schedule.configure({ requestRetentionDays: 1, maxArchiveBytes: 2 ** 40 });
    await expect.poll(() => store.storage().requestRows).toBe(1_440);
    await expect
      .poll(
        () => {
          clock.advance(3_600_000);
          return store.storage().requestRows;
        },
        { interval: 5, timeout: 15_000 },
      )
      .toBe(0);
    expect(store.totals(0, clock.now()).all).toEqual(sums);
  });

  it('removes the oldest until the size fits, and the file shrinks', async () => {
    fill(6_000);
    const { archiveBytes } = store.storage();
    const bound = Math.floor(store.pruning.usedBytes() / 2);
    schedule.configure({ requestRetentionDays: 3650, maxArchiveBytes: bound });
    await expect.poll(() => lines).toEqual(['requests_pruned']);
    expect(store.pruning.usedBytes()).toBeLessThanOrEqual(bound * 0.9);
    expect(store.storage().requestRows).toBeGreaterThan(1_000);
    expect(store.list({ outcome: 'all' }, null, 1).rows[0]?.id).toBe('id-5999');
    store.close();
    store = openArchiveStore(join(folder, 'archive.db'));
    expect(store.storage().archiveBytes).toBeLessThan(archiveBytes);
    expect(store.storage().archiveBytes).toBeLessThanOrEqual(bound);
  });

  it('runs early when traffic is heavy', async () => {
    schedule.configure({ requestRetentionDays: 1, maxArchiveBytes: 2 ** 40 });
    fill(3_000);
    schedule.grown(100_000);
    await expect
      .poll(() => {
        clock.advance(0);
        return store.storage().requestRows;
      })
      .toBe(1_440);
  });
});
