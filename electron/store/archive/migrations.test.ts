import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { migrate } from '../migrate.ts';
import { openArchiveStore } from './archive-store.ts';
import { ARCHIVE_MIGRATIONS } from './migrations.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-migrations-'));
  file = join(folder, 'archive.db');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A log as the first version of its schema left it, with one request. */
function writeFirstVersion(trace: unknown): void {
  const db = new Database(file);
  migrate(db, ARCHIVE_MIGRATIONS.slice(0, 1));
  db.exec(`
    INSERT INTO requests (seq, id, started_at, method, path, status, terminal, problem, session_id, streamed,
      attempts, duration_ms, request_bytes, response_bytes)
    VALUES (1, 'old', 1000, 'POST', '/v1/messages', 200, 'complete', 0, 'session-1', 1, 1, 5, 6, 7)`);
  db.prepare('INSERT INTO request_traces (request_seq, trace) VALUES (1, ?)').run(JSON.stringify(trace));
  db.close();
}

describe('a log of the first version', () => {
  const trace = { strategy: 'session', candidates: [], attempts: [], conclusion: 'Delivered.' };

  it('opens, and its requests had no project, no move and no waiting', () => {
    writeFirstVersion(trace);
    const store = openArchiveStore(file);
    expect(store.get('old')).toMatchObject({
      id: 'old',
      project: null,
      trace: { ...trace, move: null, heldMs: 0 },
    });
    expect(store.list({ outcome: 'all' }, null, 5).rows).toMatchObject([{ id: 'old', project: null }]);
    store.close();
  });

  it('takes new requests beside the old ones, also into the sums of their session', () => {
    writeFirstVersion(trace);
    const store = openArchiveStore(file);
    store.write([sampleRecord({ id: 'new', startedAt: 2000, project: 'shop' })]);
    expect(store.sessions(0)).toMatchObject([
      { sessionId: 'session-1', requests: 2, firstSeenAt: 1000, lastSeenAt: 2000, project: 'shop' },
    ]);
    store.close();
  });
});

it('what an earlier version imported is known to be imported', () => {
  writeFirstVersion({ strategy: 'imported', candidates: [], attempts: [], conclusion: 'Imported.' });
  const store = openArchiveStore(file);
  store.write([sampleRecord({ id: 'new' }), sampleRecord({ id: 'taken', imported: true })]);
  for (const [id, imported] of Object.entries({ old: true, new: false, taken: true })) {
    expect(store.get(id)).toMatchObject({ id, imported });
  }
  store.close();
});

describe('project and move of a request', () => {
  it('come back as they were written, and the project is found by a part of its name', () => {
    const move = {
      at: 5,
      fromAccountId: 'a1',
      fromAccountName: 'Work',
      toAccountId: 'a2',
      toAccountName: 'Home',
      reason: 'Work is used up.',
      cacheTokens: 120_000,
      costNanoUsd: null,
      accountBound: true,
    };
    const moved = sampleRecord({ id: 'moved', project: 'web-Shop' });
    const record = { ...moved, trace: { ...moved.trace, move, heldMs: 750 } };
    const store = openArchiveStore(file);
    store.write([record, sampleRecord({ id: 'other', project: 'api' })]);
    expect(store.get('moved')).toEqual(record);
    const found = store.list({ outcome: 'all', text: 'b-shop' }, null, 5).rows;
    expect(found.map(({ id, project }) => [id, project])).toEqual([['moved', 'web-Shop']]);
    store.close();
  });
});
