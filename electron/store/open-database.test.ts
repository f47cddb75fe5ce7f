import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './open-database.ts';
import { toDatabaseError } from './sqlite-error.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-database-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a new database', () => {
  it('and all its files can be read by their owner alone', () => {
    const file = join(folder, 'data', 'x.db');
    const before = process.umask(0);
    const db = openDatabase(file);
    db.exec('CREATE TABLE a (n INTEGER)');
    process.umask(before);
    expect(modeOf(join(folder, 'data'))).toBe(0o700);
    expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual([0o600, 0o600, 0o600]);
    db.close();
  });

  it('survives power loss and enforces its references', () => {
    const db = openDatabase(join(folder, 'x.db'), { secureDelete: true });
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'trusted_schema'];
    expect(pragmas.map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 1, 0]);
    db.close();
  });
});

describe('a database that lies open to others', () => {
  it('is closed to them', () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    const file = join(data, 'x.db');
    openDatabase(file).close();
    chmodSync(file, 0o644);
    chmodSync(data, 0o755);
    openDatabase(file).close();
    expect([data, file].map(modeOf)).toEqual([0o700, 0o600]);
  });

  it('leaves a folder that is shared by all as it is', () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    openDatabase(join(shared, 'x.db')).close();
    expect(statSync(shared).mode & 0o1777).toBe(0o1777);
  });
});

describe('a database that cannot be used', () => {
  it('is named as damaged when it is no database, and left alone', () => {
    const file = join(folder, 'x.db');
    writeFileSync(file, 'hello '.repeat(1000));
    expect(() => openDatabase(file)).toThrow(
      expect.objectContaining({ code: 'database_damaged', message: expect.stringContaining('x.db') }),
    );
    expect(readFileSync(file, 'utf8')).toBe('hello '.repeat(1000));
  });

  it('is named as damaged when a page is broken and the whole file is to be checked', () => {
    const file = join(folder, 'x.db');
    const db = openDatabase(file);
    db.exec('CREATE TABLE a (t TEXT); CREATE INDEX i ON a (t)');
    db.prepare(`INSERT INTO a SELECT hex(randomblob(200)) FROM json_each(?)`).run(
      JSON.stringify(Array(500).fill(1)),
    );
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xee, 3 * 4096, 6 * 4096);
    writeFileSync(file, bytes);
    expect(() => openDatabase(file, { check: true })).toThrow(
      expect.objectContaining({ code: 'database_damaged' }),
    );
  });

  it('is told apart from a folder that cannot be used', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openDatabase(join(folder, 'file', 'x.db'))).toThrow(
      expect.objectContaining({ code: 'data_dir_unusable' }),
    );
  });

  it('is told apart from one that another program holds', () => {
    const file = join(folder, 'x.db');
    openDatabase(file).close();
    const holder = new Database(file);
    const other = new Database(file, { timeout: 0 });
    holder.exec('BEGIN IMMEDIATE');
    let thrown: unknown;
    try {
      other.exec('BEGIN IMMEDIATE');
    } catch (error) {
      thrown = toDatabaseError(error, 'x.db');
    }
    expect(thrown).toMatchObject({ code: 'database_busy' });
    holder.close();
    other.close();
  });
});
