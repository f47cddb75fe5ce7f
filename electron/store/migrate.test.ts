import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Migration, migrate } from './migrate.ts';
import { ENGINE_MIGRATIONS } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';

let folder = '';
let open: Database[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  open = [];
});

afterEach(() => {
  for (const db of open) db.close();
  rmSync(folder, { recursive: true, force: true });
});

function openFile(): Database {
  const db = openDatabase(join(folder, 'test.db'));
  open.push(db);
  return db;
}

const version = (db: Database) => db.pragma('user_version', { simple: true });
const first: Migration = { version: 1, name: 'first', sql: 'CREATE TABLE a (n INTEGER) STRICT' };
const broken: Migration = {
  version: 2,
  name: 'broken',
  sql: 'CREATE TABLE b (n INTEGER); CREATE TABLE a (n)',
};

describe('migrate', () => {
  it('takes the steps in order, once', () => {
    const db = openFile();
    migrate(db, [first]);
    db.exec('INSERT INTO a VALUES (7)');
    migrate(db, [first, { version: 2, name: 'second', sql: 'ALTER TABLE a ADD COLUMN m INTEGER' }]);
    expect(db.prepare('SELECT * FROM a').all()).toEqual([{ n: 7, m: null }]);
    expect(version(db)).toBe(2);
  });

  it('leaves the file as it was before a step that fails', () => {
    const db = openFile();
    expect(() => migrate(db, [first, broken])).toThrow(expect.objectContaining({ code: 'database_damaged' }));
    expect(version(db)).toBe(1);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()).toEqual(['a']);
  });

  it('refuses a file of a newer version of the app and does not touch it', () => {
    const db = openFile();
    migrate(db, [first]);
    db.pragma('user_version = 9');
    db.pragma('wal_checkpoint(TRUNCATE)');
    const before = readFileSync(db.name);
    expect(() => migrate(db, [first])).toThrow(
      expect.objectContaining({ code: 'database_newer', message: expect.stringContaining('newer version') }),
    );
    expect(readFileSync(db.name)).toEqual(before);
  });

  it('finds a list that is out of order before it touches anything', () => {
    const db = openFile();
    expect(() => migrate(db, [first, { ...broken, version: 3 }])).toThrow('out of order');
    expect(version(db)).toBe(0);
  });

  it('lets a second process that starts at the same time find the work done', () => {
    const one = openFile();
    const two = openFile();
    migrate(one, ENGINE_MIGRATIONS);
    migrate(two, ENGINE_MIGRATIONS);
    expect(version(two)).toBe(ENGINE_MIGRATIONS.length);
  });
});

describe('the schema of the engine', () => {
  it('takes each step over rows of the step before', () => {
    const db = openFile();
    migrate(db, ENGINE_MIGRATIONS.slice(0, 1));
    db.exec(
      "INSERT INTO accounts (id, name, kind, base_url, priority, paused, credential_state, created_at) VALUES ('a', 'Work', 'api-key', 'https://x', 1, 0, 'ok', 5)",
    );
    migrate(db, ENGINE_MIGRATIONS.slice(0, 2));
    db.exec("INSERT INTO settings VALUES ('port', '8459')");
    migrate(db, ENGINE_MIGRATIONS.slice(0, 3));
    db.exec("INSERT INTO resources VALUES ('file_1', 'a', 6)");
    migrate(db, ENGINE_MIGRATIONS);
    expect(db.prepare('SELECT id, name, created_at FROM accounts').all()).toEqual([
      { id: 'a', name: 'Work', created_at: 5 },
    ]);
    expect(db.prepare('SELECT COUNT(*) FROM settings, resources').pluck().get()).toBe(1);
    expect(db.prepare('SELECT COUNT(*) FROM audit').pluck().get()).toBe(0);
  });

  it('has strict tables only', () => {
    const db = openFile();
    migrate(db, ENGINE_MIGRATIONS);
    const loose = db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(loose).toEqual([]);
  });
});
