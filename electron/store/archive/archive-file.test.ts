import {
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorView } from '../../../shared/errors.ts';
import { sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { type ArchiveFile, openArchiveFile } from './archive-file.ts';

const NOW = Date.UTC(2026, 10, 24, 12, 30, 15, 250);
const GARBAGE = Buffer.alloc(10_000, 'not a database at all ');

let folder = '';
let file = '';
let events: { file: string; error: ErrorView }[] = [];
let open: ArchiveFile[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-file-'));
  file = join(folder, 'archive.db');
  events = [];
  open = [];
});

afterEach(() => {
  for (const archive of open) archive.close();
  rmSync(folder, { recursive: true, force: true });
});

function openAt(now = NOW): ArchiveFile {
  const archive = openArchiveFile({ file, now: () => now, onSetAside: (event) => events.push(event) });
  open.push(archive);
  return archive;
}

function writeRecords(archive: ArchiveFile, count: number): void {
  const records = Array.from({ length: count }, (_, n) => sampleRecord({ id: `id-${n}` }));
  archive.run((store) => store.write(records));
}

/** Overwrites every page of a table, as a failing disk might. */
function spoil(table: string): void {
  const db = new Database(file, { readonly: true });
  const pages = db
    .prepare<[string], { pageno: number }>('SELECT pageno FROM dbstat WHERE name = ?')
    .all(table);
  const size = Number(db.pragma('page_size', { simple: true }));
  db.close();
  const handle = openSync(file, 'r+');
  for (const { pageno } of pages) writeSync(handle, Buffer.alloc(size, 0xee), 0, size, (pageno - 1) * size);
}

describe('damaged request log', () => {
  it('is set aside as it is and a new one begins', () => {
    writeFileSync(file, GARBAGE);
    const archive = openAt();
    writeRecords(archive, 3);
    expect(archive.run((store) => store.storage().requestRows)).toBe(3);
    expect(events).toHaveLength(1);
    expect(events[0]?.file).toBe('archive.db.damaged-2026-11-24T12-30-15-250Z');
    expect(events[0]?.error.code).toBe('database_damaged');
    expect(readFileSync(join(folder, events[0]!.file))).toEqual(GARBAGE);
  });

  it('is noticed while running, and the call still gets its answer', () => {
    const first = openAt();
    writeRecords(first, 500);
    first.close();
    spoil('request_traces');
    const archive = openAt();
    expect(events).toHaveLength(0);
    expect(archive.run((store) => store.get('id-1'))).toBeNull();
    expect(events).toHaveLength(1);
    writeRecords(archive, 2);
    expect(archive.run((store) => store.storage().requestRows)).toBe(2);
  });

  it('is also one whose tables are not ours', () => {
    openAt().close();
    const db = new Database(file);
    db.exec('DROP TABLE request_traces; DROP TABLE requests');
    db.close();
    writeRecords(openAt(), 1);
    expect(events).toHaveLength(1);
  });

  it('is kept three times at most, so that a failing disk cannot fill up with copies', () => {
    for (let run = 0; run < 5; run += 1) {
      writeFileSync(file, GARBAGE);
      openAt(NOW + run * 1000).close();
      for (const companion of ['-wal', '-shm']) rmSync(file + companion, { force: true });
    }
    const kept = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    expect(kept.sort()).toEqual(events.slice(2).map((event) => event.file));
  });
});

describe('request log of a newer app', () => {
  it('is refused and left alone', () => {
    openAt().close();
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(file);
    expect(() => openAt()).toThrow(expect.objectContaining({ code: 'database_newer' }));
    expect(readFileSync(file)).toEqual(before);
    expect(events).toEqual([]);
    expect(existsSync(`${file}.damaged-2026-11-24T12-30-15-250Z`)).toBe(false);
  });
});
