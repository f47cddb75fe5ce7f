import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngineStore } from './engine-store.ts';
import { ENGINE_MIGRATIONS } from './migrations/index.ts';
import { sampleAccount, sealedText } from './testing/sample-account.ts';

const SECRETS = ['CIPHER-KEY-', 'CIPHER-ACCESS-', 'CIPHER-REFRESH-'];
const [KEY = '', ACCESS = '', REFRESH = ''] = SECRETS;

let folder = '';
let data = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-files-'));
  data = join(folder, 'data');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

function found(): string[] {
  const bytes = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name))));
  return SECRETS.filter((secret) => bytes.includes(secret));
}

/** Long enough for overflow pages, so that these are looked at as well. */
const secretAccount = (id: string) =>
  sampleAccount({
    id,
    name: id,
    apiKey: sealedText(KEY.repeat(700)),
    accessToken: sealedText(ACCESS.repeat(30)),
    refreshToken: sealedText(REFRESH.repeat(700)),
  });

describe('the files of the engine', () => {
  it('can be read by their owner alone, also under an open umask', () => {
    const before = process.umask(0);
    const store = openEngineStore(data);
    store.accounts.insert(sampleAccount());
    process.umask(before);
    expect(modeOf(data)).toBe(0o700);
    const names = readdirSync(data).sort();
    expect(names).toEqual(['ccflare.db', 'ccflare.db-shm', 'ccflare.db-wal']);
    expect(names.map((name) => modeOf(join(data, name)))).toEqual([0o600, 0o600, 0o600]);
    store.close();
  });

  it('of a newer version are refused and keep what they hold', () => {
    const store = openEngineStore(data);
    store.accounts.insert(sampleAccount());
    store.close();
    const file = join(data, 'ccflare.db');
    const db = new Database(file);
    db.pragma(`user_version = ${ENGINE_MIGRATIONS.length + 1}`);
    db.close();
    const before = readFileSync(file);
    expect(() => openEngineStore(data)).toThrow(expect.objectContaining({ code: 'database_newer' }));
    expect(readFileSync(file)).toEqual(before);
  });

  it('that are no database are refused and left alone', () => {
    openEngineStore(data).close();
    writeFileSync(join(data, 'ccflare.db'), 'not a database '.repeat(500));
    expect(() => openEngineStore(data)).toThrow(expect.objectContaining({ code: 'database_damaged' }));
    expect(readFileSync(join(data, 'ccflare.db'), 'utf8')).toBe('not a database '.repeat(500));
  });
});

describe('attack: searching the files for a removed account', () => {
  it('finds no byte of its secrets before and after closing', () => {
    const store = openEngineStore(data);
    store.accounts.insert(sampleAccount({ id: 'other', name: 'other' }));
    store.accounts.insert(secretAccount('gone'));
    expect(found()).toEqual(SECRETS);
    store.accounts.remove('gone');
    expect(found()).toEqual([]);
    store.close();
    expect(found()).toEqual([]);
  });

  it('finds none after closing when the removal was part of a transaction', () => {
    const store = openEngineStore(data);
    store.accounts.insert(secretAccount('gone'));
    store.transaction(() => store.accounts.remove('gone'));
    store.close();
    expect(found()).toEqual([]);
  });

  it('does not stop the proxy while another program reads, and finds none after closing', () => {
    const store = openEngineStore(data);
    store.accounts.insert(secretAccount('gone'));
    const reader = new Database(join(data, 'ccflare.db'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT id FROM accounts').all();
    const start = performance.now();
    store.accounts.remove('gone');
    // Waiting for the lock would take the whole busy timeout of 5 s.
    expect(performance.now() - start).toBeLessThan(2500);
    expect(store.accounts.list()).toEqual([]);
    reader.close();
    store.close();
    expect(found()).toEqual([]);
  });

  it('finds no replaced token after closing', () => {
    const store = openEngineStore(data);
    store.accounts.insert(secretAccount('stays'));
    store.accounts.update('stays', { apiKey: null });
    store.accounts.rotateTokens('stays', sealedText(REFRESH.repeat(700)), {
      accessToken: sealedText('a'),
      refreshToken: sealedText('b'),
      expiresAt: 1,
      lastRefreshAt: 1,
    });
    store.close();
    expect(found()).toEqual([]);
  });
});

describe('attack: SQL in names and values', () => {
  const hostile = `x'); DROP TABLE accounts; --"\`[é\u0001`;

  it('is stored as the text that it is, in every repository', () => {
    let store = openEngineStore(data);
    store.accounts.insert(sampleAccount({ id: hostile, name: hostile }));
    store.accounts.update(hostile, { credentialWords: hostile });
    store.settings.put(new Map([[hostile, hostile]]));
    store.bindings.put([
      { sessionId: hostile, model: hostile, accountId: hostile, boundAt: 1, lastUsedAt: 1 },
    ]);
    store.resources.put(hostile, hostile, 1);
    store.audit.append({
      at: 1,
      actor: 'app',
      action: hostile,
      subject: hostile,
      outcome: 'ok',
      detail: hostile,
    });
    store.close();
    store = openEngineStore(data);
    expect(store.accounts.list()).toEqual([
      sampleAccount({ id: hostile, name: hostile, credentialWords: hostile }),
    ]);
    expect(store.settings.list()).toEqual(new Map([[hostile, hostile]]));
    expect(store.bindings.list(0)).toMatchObject([{ sessionId: hostile, model: hostile }]);
    expect(store.resources.accountOf(hostile)).toBe(hostile);
    expect(store.audit.list(null, 9)).toMatchObject([{ action: hostile, detail: hostile }]);
    store.accounts.remove(hostile);
    expect(store.accounts.list()).toEqual([]);
    store.close();
  });

  it('cannot enter through the name of a field that is none', () => {
    const store = openEngineStore(data);
    store.accounts.insert(sampleAccount());
    const change = { paused: true, "name = 'y', id": 'z' };
    store.accounts.update('account-1', change);
    expect(store.accounts.list()).toEqual([sampleAccount({ paused: true })]);
    store.close();
  });
});
