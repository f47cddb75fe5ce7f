import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccountStore } from './account-store.ts';
import { type Migration, migrate } from './migrate.ts';
import { ENGINE_MIGRATIONS } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';
import { sampleAccount } from './testing/sample-account.ts';

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

  it('takes a database of version 4 with rows into the next one', () => {
    const db = openFile();
    migrate(db, ENGINE_MIGRATIONS.slice(0, 4));
    db.exec(`
      INSERT INTO accounts (id, name, kind, base_url, token_url, priority, paused, access_token, access_token_key,
        refresh_token, refresh_token_key, expires_at, credential_state, organization_id, created_at)
      VALUES ('a', 'Max', 'oauth', 'https://x', 'https://t', 1, 1, x'01', 'k', x'02', 'k', 9, 'refused', 'org', 5);
      INSERT INTO cooldowns VALUES ('a', '*', 'code', 'words', 1, 2, '[]', 0);
      INSERT INTO session_bindings VALUES ('s', 'm', 'a', 1, 2);
      INSERT INTO audit (at, actor, action, outcome) VALUES (1, 'app', 'account.add', 'ok')`);
    migrate(db, ENGINE_MIGRATIONS);
    const accounts = createAccountStore(db);
    const before = sampleAccount({
      id: 'a',
      name: 'Max',
      baseUrl: 'https://x',
      tokenUrl: 'https://t',
      priority: 1,
      paused: true,
      accessToken: { keyId: 'k', bytes: Buffer.from([1]) },
      refreshToken: { keyId: 'k', bytes: Buffer.from([2]) },
      expiresAt: 9,
      credentialState: 'refused',
      organizationId: 'org',
      createdAt: 5,
    });
    expect(accounts.list()).toEqual([before]);
    accounts.update('a', { email: 'me@example.org', modelMap: { a: 'b' } });
    expect(accounts.list()).toEqual([{ ...before, email: 'me@example.org', modelMap: { a: 'b' } }]);
    for (const table of ['cooldowns', 'session_bindings', 'audit']) {
      expect(db.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get()).toBe(1);
    }
    expect(db.pragma('foreign_key_check')).toEqual([]);
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
