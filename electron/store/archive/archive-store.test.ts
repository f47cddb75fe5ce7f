import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestFilter, RequestRecord, RequestRow } from '../../../shared/request-record.ts';
import { requestRowSchema } from '../../../shared/request-record.ts';
import { addTotals, emptyTotals, HOUR_MS, NO_ACCOUNT, totalsOf } from '../../core/recording/rollup.ts';
import { SAMPLE_USAGE, sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { type ArchiveStore, openArchiveStore } from './archive-store.ts';
import { SCAN_LIMIT } from './request-list.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const ALL: RequestFilter = { outcome: 'all' };

let folder = '';
let file = '';
let store: ArchiveStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-store-'));
  file = join(folder, 'archive.db');
  store = openArchiveStore(file);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (n: number) => `id-${String(n).padStart(8, '0')}`;

function fill(count: number, change: (n: number) => Partial<RequestRecord> = () => ({})): RequestRecord[] {
  const records = Array.from({ length: count }, (_, n) =>
    sampleRecord({ id: idOf(n), startedAt: NOON + n, ...change(n) }),
  );
  store.write(records);
  return records;
}

function walk(filter: RequestFilter, limit: number): { rows: RequestRow[]; pages: number } {
  const rows: RequestRow[] = [];
  let cursor = null;
  let pages = 0;
  do {
    const page = store.list(filter, cursor, limit);
    rows.push(...page.rows);
    cursor = page.next;
    pages += 1;
  } while (cursor);
  return { rows, pages };
}

describe('writing', () => {
  it('gives back in list and detail what was written', () => {
    const record = sampleRecord({ usage: { ...SAMPLE_USAGE, partial: true, speed: 'fast' } });
    store.write([record]);
    expect(store.get(record.id)).toEqual(record);
    expect(store.list(ALL, null, 10).rows).toEqual([requestRowSchema.parse(record)]);
    const bare = sampleRecord({
      id: 'bare',
      status: null,
      terminal: 'client-closed',
      accountId: null,
      accountName: null,
      accountKind: null,
      model: null,
      usage: null,
      costNanoUsd: null,
      streamed: false,
    });
    store.write([bare]);
    expect(store.get('bare')).toEqual(bare);
    expect(store.get('other')).toBeNull();
  });

  it('neither writes nor counts a record twice', () => {
    const [first, second] = [sampleRecord({ id: 'a' }), sampleRecord({ id: 'b' })];
    expect(store.write([first])).toEqual([first]);
    expect(store.write([first, second, second])).toEqual([second]);
    expect(store.storage().requestRows).toBe(2);
    expect(store.totals(NOON, NOON + HOUR_MS).all.requests).toBe(2);
  });

  it('writes nothing of a batch that fails', () => {
    const broken = sampleRecord({ id: 'broken', durationMs: Number.NaN });
    expect(() => store.write([sampleRecord({ id: 'a' }), broken])).toThrow();
    expect(store.storage().requestRows).toBe(0);
    expect(store.totals(NOON, NOON + HOUR_MS).all.requests).toBe(0);
  });

  it('shows a request whose trace was spoilt on disk', () => {
    const record = sampleRecord();
    store.write([record]);
    const other = new Database(file);
    other.prepare('UPDATE request_traces SET trace = ?').run('{"strategy":');
    other.close();
    const read = store.get(record.id);
    expect(read).toMatchObject({ id: record.id, upstreamRequestId: 'req_011' });
    expect(read?.trace.conclusion).toContain('cannot be read');
  });
});

describe('list', () => {
  it('pages newest first without gap or repetition, also among requests of one millisecond', () => {
    const records = fill(100, (n) => ({ startedAt: NOON + Math.floor(n / 7) }));
    const { rows, pages } = walk(ALL, 10);
    expect(rows.map(({ id }) => id)).toEqual(records.map(({ id }) => id).reverse());
    expect(pages).toBe(10);
  });

  it('filters by outcome, account, model and all of them together', () => {
    fill(60, (n) => ({
      status: n % 2 === 0 ? 200 : 529,
      accountId: n % 3 === 0 ? 'account-1' : 'account-2',
      model: n % 5 === 0 ? 'claude-opus-4-5' : 'claude-sonnet-4-5',
    }));
    const count = (filter: RequestFilter) => walk(filter, 7).rows.length;
    expect(count({ outcome: 'ok' })).toBe(30);
    expect(count({ outcome: 'problem' })).toBe(30);
    expect(count({ outcome: 'all', accountId: 'account-1' })).toBe(20);
    expect(count({ outcome: 'all', model: 'claude-opus-4-5' })).toBe(12);
    expect(count({ outcome: 'problem', accountId: 'account-1', model: 'claude-opus-4-5' })).toBe(2);
    expect(count({ outcome: 'all', accountId: 'nobody' })).toBe(0);
  });

  it('finds text without regard to case and takes wildcards literally', () => {
    fill(5, (n) => ({
      path: n === 2 ? '/v1/100%_done' : '/v1/messages',
      errorCode: n === 3 ? 'over\\loaded' : null,
    }));
    const ids = (text: string) => walk({ outcome: 'all', text }, 10).rows.map(({ id }) => id);
    expect(ids('0%_D')).toEqual([idOf(2)]);
    expect(ids('%')).toEqual([idOf(2)]);
    expect(ids('r\\l')).toEqual([idOf(3)]);
    expect(ids('MESSAGES')).toHaveLength(4);
    expect(ids("' OR 1=1 --")).toEqual([]);
  });

  it('looks at a bounded number of rows per call and goes on from there', () => {
    fill(SCAN_LIMIT + 10, (n) => ({ sessionId: n === 3 ? 'needle' : null }));
    const first = store.list({ outcome: 'all', text: 'needle' }, null, 10);
    expect(first.rows).toEqual([]);
    expect(first.next).not.toBeNull();
    const second = store.list({ outcome: 'all', text: 'needle' }, first.next, 10);
    expect(second.rows.map(({ id }) => id)).toEqual([idOf(3)]);
    expect(second.next).toBeNull();
  });
});

describe('totals', () => {
  it('splits money by the kind of account and counts what has no price', () => {
    store.write([
      sampleRecord({ id: 'key', costNanoUsd: 5 }),
      sampleRecord({ id: 'login', accountId: 'account-2', accountKind: 'oauth', costNanoUsd: 7 }),
      sampleRecord({ id: 'unpriced', costNanoUsd: null }),
      sampleRecord({
        id: 'refused',
        accountId: null,
        accountKind: null,
        status: 401,
        terminal: 'refused',
        usage: null,
        costNanoUsd: null,
      }),
    ]);
    const { all, byAccount } = store.totals(NOON, NOON + 1);
    expect(all).toMatchObject({
      requests: 4,
      problems: 1,
      spentNanoUsd: 5,
      worthNanoUsd: 7,
      unpricedRequests: 1,
    });
    expect(byAccount[NO_ACCOUNT]).toMatchObject({ requests: 1, problems: 1, inputTokens: 0 });
    expect(byAccount['account-2']).toMatchObject({ worthNanoUsd: 7, spentNanoUsd: 0 });
  });

  it('equals the sum over the rows for any span', () => {
    const time = fc.integer({ min: NOON - 3 * HOUR_MS, max: NOON + 3 * HOUR_MS });
    const record = fc.record({
      startedAt: fc.oneof(
        time,
        fc.integer({ min: -3, max: 3 }).map((hours) => NOON + hours * HOUR_MS),
      ),
      status: fc.constantFrom(200, 400, 529, null),
      accountId: fc.constantFrom('account-1', 'account-2', null),
      accountKind: fc.constantFrom('api-key' as const, 'oauth' as const, null),
      model: fc.constantFrom('claude-opus-4-5', 'claude-sonnet-4-5', null),
      usage: fc.constantFrom(SAMPLE_USAGE, { ...SAMPLE_USAGE, inputTokens: null }, null),
      costNanoUsd: fc.option(fc.integer({ min: 0, max: 1_000_000_000 })),
    });
    let batch = 0;
    const written: RequestRecord[] = [];
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), time, time, (changes, one, other) => {
        batch += 1;
        const records = changes.map((change, n) => sampleRecord({ ...change, id: `${batch}-${n}` }));
        written.push(...store.write(records));
        const [from, to] = one < other ? [one, other] : [other, one];
        const expected = emptyTotals();
        const byAccount = new Map<string, typeof expected>();
        for (const row of written.filter(({ startedAt }) => startedAt >= from && startedAt < to)) {
          const account = byAccount.get(row.accountId ?? NO_ACCOUNT) ?? emptyTotals();
          addTotals(account, totalsOf(row));
          addTotals(expected, totalsOf(row));
          byAccount.set(row.accountId ?? NO_ACCOUNT, account);
        }
        const report = store.totals(from, to);
        expect(report.all).toEqual(expected);
        expect(report.byAccount).toEqual(Object.fromEntries(byAccount));
      }),
      { numRuns: 150 },
    );
  });

  it('is empty for a span that ends before it begins', () => {
    fill(3);
    expect(store.totals(NOON + HOUR_MS, NOON).all).toEqual(emptyTotals());
  });
});

describe('storage and pruning', () => {
  it('counts rows and bytes and knows the oldest', () => {
    expect(store.storage()).toMatchObject({ requestRows: 0, oldestRequestAt: null });
    fill(20);
    store.close();
    store = openArchiveStore(file);
    const { archiveBytes, ...counts } = store.storage();
    expect(counts).toEqual({ requestRows: 20, oldestRequestAt: NOON });
    expect(archiveBytes).toBeGreaterThan(4096);
  });

  it('removes the oldest in small steps with their traces, keeps the sums and gives the space back', () => {
    fill(1_200);
    const before = store.totals(NOON, NOON + HOUR_MS);
    const used = store.pruning.usedBytes();
    expect(store.pruning.removeBefore(NOON + 1_100)).toBe(500);
    expect(store.storage()).toMatchObject({ requestRows: 700, oldestRequestAt: NOON + 500 });
    expect(store.pruning.removeBefore(NOON + 1_100)).toBe(500);
    expect(store.pruning.removeBefore(NOON + 1_100)).toBe(100);
    expect(store.pruning.removeBefore(NOON + 1_100)).toBe(0);
    expect(store.totals(NOON, NOON + HOUR_MS)).toEqual(before);
    expect(store.pruning.usedBytes()).toBeLessThan(used);
    while (store.pruning.releasePages());
    const other = new Database(file, { readonly: true });
    expect(other.prepare('SELECT COUNT(*) AS n FROM request_traces').get()).toEqual({ n: 100 });
    expect(other.pragma('freelist_count', { simple: true })).toBe(0);
    expect(other.pragma('auto_vacuum', { simple: true })).toBe(2);
    other.close();
  });
});
