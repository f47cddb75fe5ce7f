import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SqliteError } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../shared/request-record.ts';
import { sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { openSource, type SourceDatabase } from '../import/source-database.ts';
import { countRows } from '../import/source-rows.ts';
import { oldDatabase, putMany, putRequest } from '../import/testing/old-databases.ts';
import { type ArchiveStore, openArchiveStore } from './archive-store.ts';
import { importFloor } from './import-floor.ts';
import { importHistory } from './import-history.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 24, 12);

let folder = '';
let store: ArchiveStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-history-'));
  store = openArchiveStore(join(folder, 'archive.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function source(fill: (db: ReturnType<typeof oldDatabase>) => void): SourceDatabase {
  const file = join(folder, 'old.db');
  const db = oldDatabase(file);
  fill(db);
  db.close();
  return openSource(file);
}

const quiet = { accountIds: {}, floor: 0, onBatch: () => {}, mayGoOn: () => true };

describe('importing the history', () => {
  it('leaves out the one record that the table refuses', async () => {
    const old = source((db) => {
      for (const id of ['a', 'bad', 'b']) putRequest(db, { id, timestamp: NOON });
    });
    const write = (records: readonly RequestRecord[]) => {
      if (records.some(({ id }) => id === 'bad')) throw new SqliteError('no', 'SQLITE_CONSTRAINT_CHECK');
      return store.write(records);
    };
    expect(await importHistory({ ...quiet, source: old, write })).toMatchObject({ added: 2, broken: 1 });
    old.close();
  });

  it('ends at row numbers that are too large to count on from', async () => {
    const old = source((db) => {
      putRequest(db, { id: 'a', timestamp: NOON });
      putRequest(db, { id: 'b', timestamp: NOON });
      db.exec(`UPDATE requests SET rowid = 9007199254740993 WHERE id = 'b'`);
    });
    let batches = 0;
    const mayGoOn = () => ++batches < 10;
    const write = (records: readonly RequestRecord[]) => store.write(records);
    const outcome = await importHistory({ ...quiet, source: old, write, mayGoOn });
    expect(outcome).toEqual({ added: 2, known: 0, broken: 0, cancelled: false });
    expect(await Promise.race([countRows(old, 'requests'), setTimeout(3000, 'endless')])).toBe(2);
    old.close();
  });

  it('stops when the disk is full, and keeps what it has written', async () => {
    const old = source((db) => putMany(db, 1200, NOON));
    let batches = 0;
    const write = (records: readonly RequestRecord[]) => {
      batches += 1;
      if (batches === 2) throw new SqliteError('full', 'SQLITE_FULL');
      return store.write(records);
    };
    await expect(importHistory({ ...quiet, source: old, write })).rejects.toMatchObject({
      code: 'SQLITE_FULL',
    });
    expect(store.storage().requestRows).toBe(500);
    old.close();
  });
});

describe('the time before which nothing is imported', () => {
  const write = (...times: number[]) =>
    store.write(times.map((startedAt) => sampleRecord({ id: `r-${startedAt}`, startedAt })));
  const removeBefore = (time: number) => store.pruning.removeBefore(time);

  it('is none while no row was removed', () => {
    expect(importFloor(store)).toBe(0);
    write(NOON + 5, NOON + HOUR);
    expect(importFloor(store)).toBe(0);
  });

  it('is the end of the last hour whose rows are all gone', () => {
    write(NOON + 5, NOON + 3 * HOUR);
    removeBefore(NOON + HOUR);
    expect(importFloor(store)).toBe(NOON + HOUR);
    removeBefore(NOON + 9 * HOUR);
    expect(importFloor(store)).toBe(NOON + 4 * HOUR);
  });

  it('is the oldest row when some of its hour are gone', () => {
    write(NOON + 5, NOON + 10, NOON + HOUR);
    removeBefore(NOON + 10);
    expect(importFloor(store)).toBe(NOON + 10);
  });
});
