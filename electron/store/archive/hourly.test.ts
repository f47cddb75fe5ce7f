import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../core/recording/rollup.ts';
import { sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { type ArchiveStore, openArchiveStore } from './archive-store.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
let folder: string;
let store: ArchiveStore;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccflare-hourly-'));
  store = openArchiveStore(path.join(folder, 'archive.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('hourly sums', () => {
  it('add up to the totals of the same span, over accounts and models, without empty hours', () => {
    const at = [0, 1, 59 * 60_000, HOUR_MS, 5 * HOUR_MS].map((offset) => NOON + offset);
    store.write(
      at.map((startedAt, n) =>
        sampleRecord({ id: `r${n}`, startedAt, accountId: `account-${n % 2}`, model: `model-${n % 3}` }),
      ),
    );
    const { hours } = store.hourly(NOON, NOON + 24 * HOUR_MS);
    expect(hours.map(({ start, totals }) => [(start - NOON) / HOUR_MS, totals.requests])).toEqual([
      [0, 3],
      [1, 1],
      [5, 1],
    ]);
    const { all } = store.totals(NOON, NOON + 24 * HOUR_MS);
    expect(hours.reduce((sum, { totals }) => sum + totals.outputTokens, 0)).toBe(all.outputTokens);
  });

  it('begin with the hour that holds the start and end before the end', () => {
    store.write([NOON, NOON + HOUR_MS].map((startedAt, n) => sampleRecord({ id: `r${n}`, startedAt })));
    expect(store.hourly(NOON + 30 * 60_000, NOON + HOUR_MS).hours).toHaveLength(1);
  });
});
