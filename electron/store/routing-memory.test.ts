import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineStore, ReadingSample } from '../core/store-ports.ts';
import { openEngineStore } from './engine-store.ts';
import { sampleAccount } from './testing/sample-account.ts';

let folder = '';
let store: EngineStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'routing-memory-'));
  store = openEngineStore(folder);
  store.accounts.insert(sampleAccount());
  store.accounts.insert(sampleAccount({ id: 'account-2', name: 'Home' }));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function reopen(): void {
  store.close();
  store = openEngineStore(folder);
}

/** Writes into the file what this version would never write. */
function tamper(sql: string): void {
  const db = new Database(join(folder, 'ccflare.db'));
  db.exec('PRAGMA ignore_check_constraints = ON');
  db.exec(sql);
  db.close();
}

const sample = (at: number, change: Partial<ReadingSample> = {}): ReadingSample => ({
  accountId: 'account-1',
  bucket: '5h',
  at,
  utilisation: 0.25,
  resetAt: 900,
  ...change,
});

const samples = (count: number, change: Partial<ReadingSample> = {}): ReadingSample[] =>
  Array.from({ length: count }, (_, n) => sample(n + 1, change));

const timesOf = (bucket: string, accountId = 'account-1'): number[] =>
  store.readingHistory
    .list(0)
    .filter((row) => row.bucket === bucket && row.accountId === accountId)
    .map((row) => row.at);

describe('the history of readings', () => {
  it('comes back after a restart, oldest first, from the asked time on', () => {
    const unknownEnd = sample(3, { bucket: '7d', resetAt: null, utilisation: 1.02 });
    store.readingHistory.append([sample(5), unknownEnd, sample(1)]);
    reopen();
    expect(store.readingHistory.list(0)).toEqual([sample(1), unknownEnd, sample(5)]);
    expect(store.readingHistory.list(3)).toEqual([unknownEnd, sample(5)]);
  });

  it('keeps the later of two samples of one millisecond, and takes parts of one', () => {
    store.readingHistory.append([sample(1), sample(1.7, { utilisation: 0.5, resetAt: 900.9 })]);
    expect(store.readingHistory.list(0)).toEqual([sample(1, { utilisation: 0.5 })]);
  });

  it('takes no notice of samples of an account that is gone, and goes with its account', () => {
    store.readingHistory.append([sample(1, { accountId: 'gone' }), sample(2)]);
    expect(store.readingHistory.list(0)).toEqual([sample(2)]);
    store.accounts.remove('account-1');
    expect(store.readingHistory.list(0)).toEqual([]);
  });

  it('forgets one account on demand', () => {
    store.readingHistory.append([sample(1), sample(1, { accountId: 'account-2' })]);
    store.readingHistory.removeAccount('account-1');
    expect(store.readingHistory.list(0)).toEqual([sample(1, { accountId: 'account-2' })]);
  });

  it('forgets by age', () => {
    store.readingHistory.append(samples(5));
    store.readingHistory.prune(4, 100);
    expect(timesOf('5h')).toEqual([4, 5]);
  });

  it('cuts a bucket back to its newest samples once it is a tenth over, and leaves its neighbours alone', () => {
    store.readingHistory.append(samples(22));
    store.readingHistory.append(samples(23, { bucket: '7d' }));
    store.readingHistory.append(samples(23, { accountId: 'account-2' }));
    store.readingHistory.append(samples(3, { accountId: 'account-2', bucket: '7d' }));
    store.readingHistory.prune(0, 20);
    expect(timesOf('5h')).toHaveLength(22);
    const newest = samples(23)
      .slice(3)
      .map((row) => row.at);
    expect(timesOf('7d')).toEqual(newest);
    expect(timesOf('5h', 'account-2')).toEqual(newest);
    expect(timesOf('7d', 'account-2')).toEqual([1, 2, 3]);
  });

  it('writes a batch wholly or not at all', () => {
    const broken = sample(2, { utilisation: Number.NaN });
    expect(() => store.readingHistory.append([sample(1), broken])).toThrow();
    expect(store.readingHistory.list(0)).toEqual([]);
  });
});

describe('money per month', () => {
  const row = (accountId: string, month: string, spentNanoUsd: number, overageNanoUsd = 0) => ({
    accountId,
    month,
    spentNanoUsd,
    overageNanoUsd,
  });

  it('is replaced by the newer sum and asked for by month', () => {
    store.spend.put([row('account-1', '2026-10', 7), row('account-1', '2026-11', 8, 3)]);
    store.spend.put([row('account-1', '2026-11', 12, 5), row('account-2', '2026-11', 4e15)]);
    reopen();
    expect(store.spend.list('2026-11')).toEqual([
      row('account-1', '2026-11', 12, 5),
      row('account-2', '2026-11', 4e15),
    ]);
    expect(store.spend.list('2026-10')).toEqual([row('account-1', '2026-10', 7)]);
    expect(store.spend.list('2026-09')).toEqual([]);
  });

  it('is kept in whole billionths', () => {
    store.spend.put([row('account-1', '2026-11', 1.5, 2.4)]);
    expect(store.spend.list('2026-11')).toEqual([row('account-1', '2026-11', 2, 2)]);
  });

  it('takes no notice of an account that is gone, and goes with its account', () => {
    store.spend.put([row('gone', '2026-11', 1), row('account-1', '2026-11', 2)]);
    expect(store.spend.list('2026-11')).toEqual([row('account-1', '2026-11', 2)]);
    store.accounts.remove('account-1');
    expect(store.spend.list('2026-11')).toEqual([]);
  });
});

describe('pinned sessions', () => {
  const pin = (sessionId: string, accountId: string, at: number) => ({ sessionId, accountId, at });

  it('have one account each, and the last word counts', () => {
    store.pins.put('s1', 'account-1', 1);
    store.pins.put('s2', 'account-1', 2);
    store.pins.put('s1', 'account-2', 3);
    reopen();
    expect(store.pins.list()).toEqual([pin('s2', 'account-1', 2), pin('s1', 'account-2', 3)]);
    store.pins.remove('s2');
    store.pins.remove('never-there');
    expect(store.pins.list()).toEqual([pin('s1', 'account-2', 3)]);
  });

  it('are bounded: the newest stay', () => {
    for (let n = 1; n <= 5; n += 1) store.pins.put(`s${n}`, 'account-1', n);
    store.pins.prune(2);
    expect(store.pins.list().map((row) => row.sessionId)).toEqual(['s4', 's5']);
    store.pins.prune(9);
    expect(store.pins.list()).toHaveLength(2);
  });

  it('take no notice of an account that is gone, and go with their account', () => {
    store.pins.put('s1', 'gone', 1);
    store.pins.put('s2', 'account-1', 2);
    expect(store.pins.list()).toEqual([pin('s2', 'account-1', 2)]);
    store.accounts.remove('account-1');
    expect(store.pins.list()).toEqual([]);
  });
});

describe('a released session', () => {
  it('loses its bindings for every model, and no other session does', () => {
    const binding = (sessionId: string, model: string) => ({
      sessionId,
      model,
      accountId: 'account-1',
      boundAt: 1,
      lastUsedAt: 1,
    });
    store.bindings.put([binding('s1', 'opus'), binding('s1', 'haiku'), binding('s2', 'opus')]);
    store.bindings.removeSession('s1');
    reopen();
    expect(store.bindings.list(0)).toEqual([binding('s2', 'opus')]);
  });
});

describe('what a client key gets when nobody can serve', () => {
  const key = {
    id: 'k',
    name: 'laptop',
    hash: Buffer.alloc(32, 7),
    hint: 'abcd',
    sealedKey: null,
    createdAt: 1,
    lastUsedAt: null,
    revokedAt: null,
    exhaustion: null,
    purpose: null,
  };

  it.each(['fail', 'hold', 'fallback', null] as const)('is kept (%s)', (exhaustion) => {
    store.clientKeys.insert({ ...key, exhaustion: 'hold' });
    store.clientKeys.update('k', { exhaustion });
    store.clientKeys.update('k', { name: 'desk' });
    reopen();
    expect(store.clientKeys.list()).toEqual([{ ...key, name: 'desk', exhaustion }]);
  });

  it('is not guessed at when the file says something else', () => {
    store.clientKeys.insert(key);
    tamper("UPDATE client_keys SET exhaustion = 'wait'");
    expect(() => store.clientKeys.list()).toThrow(expect.objectContaining({ code: 'database_damaged' }));
  });
});

describe('reads of usage pages', () => {
  it('come back after a restart, and go with their account', () => {
    store.usageChecks.put({ accountId: 'account-1', checkedAt: null, nextAt: 5 });
    store.usageChecks.put({ accountId: 'account-1', checkedAt: 7, nextAt: 9 });
    store.usageChecks.put({ accountId: 'account-2', checkedAt: 1, nextAt: 2 });
    store.usageChecks.put({ accountId: 'gone', checkedAt: 1, nextAt: 2 });
    store.usageChecks.remove('account-2');
    reopen();
    expect(store.usageChecks.list()).toEqual([{ accountId: 'account-1', checkedAt: 7, nextAt: 9 }]);
    store.accounts.remove('account-1');
    expect(store.usageChecks.list()).toEqual([]);
  });
});
