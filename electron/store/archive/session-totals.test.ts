import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../shared/request-record.ts';
import type { SessionTotals } from '../../../shared/session.ts';
import { isProblem } from '../../core/recording/rollup.ts';
import { SAMPLE_USAGE, sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { type ArchiveStore, openArchiveStore } from './archive-store.ts';
import { ARCHIVE_MIGRATIONS } from './migrations.ts';
import { SESSION_SQL } from './session-totals.ts';

const NOON = Date.UTC(2026, 10, 24, 12);

let folder = '';
let file = '';
let store: ArchiveStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-totals-'));
  file = join(folder, 'archive.db');
  store = openArchiveStore(file);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (n: number) => `id-${String(n).padStart(8, '0')}`;

const record = (n: number, change: Partial<RequestRecord> = {}): RequestRecord =>
  sampleRecord({ id: idOf(n), startedAt: NOON + n, ...change });

/** The same sums, written down a second time over the records themselves. */
function expected(records: readonly RequestRecord[], since: number): SessionTotals[] {
  const groups = new Map<string, RequestRecord[]>();
  for (const row of records) {
    if (row.sessionId === null || row.startedAt < since) continue;
    groups.set(row.sessionId, [...(groups.get(row.sessionId) ?? []), row]);
  }
  return [...groups]
    .map(([sessionId, rows]): SessionTotals => {
      const sum = (of: (row: RequestRecord) => number | null | undefined) =>
        rows.reduce((total, row) => total + (of(row) ?? 0), 0);
      const order = rows.toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
      const { client, clientKeyName, project, model, accountId, accountName, startedAt } = order[0]!;
      return {
        sessionId,
        ...{ client, clientKeyName, project, model, accountId, accountName },
        requests: rows.length,
        problems: sum((row) => (isProblem(row) ? 1 : 0)),
        inputTokens: sum((row) => row.usage?.inputTokens),
        outputTokens: sum((row) => row.usage?.outputTokens),
        cacheReadTokens: sum((row) => row.usage?.cacheReadTokens),
        cacheWriteTokens: sum((row) => row.usage?.cacheWriteTokens),
        costNanoUsd: sum((row) => row.costNanoUsd),
        worthNanoUsd: sum((row) => (row.accountKind === 'oauth' ? row.costNanoUsd : 0)),
        unpricedRequests: sum((row) => (row.usage !== null && row.costNanoUsd === null ? 1 : 0)),
        firstSeenAt: order.at(-1)?.startedAt ?? 0,
        lastSeenAt: startedAt,
      };
    })
    .sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.sessionId < b.sessionId ? -1 : 1))
    .slice(0, 300);
}

/** Requests of several sessions with every kind of end. */
function mixed(count: number, sessions: number): RequestRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const usage = { ...SAMPLE_USAGE, inputTokens: n, outputTokens: n % 3 === 0 ? null : 2 * n };
    return record(n, {
      startedAt: NOON + Math.floor(n / 3) * 1000,
      sessionId: n % 11 === 0 ? null : `session-${String((n * 7) % sessions).padStart(4, '0')}`,
      usage: n % 5 === 0 ? null : usage,
      costNanoUsd: n % 4 === 0 ? null : n * 1000,
      status: n % 6 === 0 ? 529 : 200,
      accountId: `account-${n % 3}`,
      accountName: `Account ${n % 3}`,
      accountKind: n % 9 === 0 ? null : n % 7 === 0 ? 'api-key' : 'oauth',
      model: n % 2 === 0 ? 'claude-opus-5-5' : null,
      project: n % 2 === 0 ? `project-${n % 4}` : null,
      client: n % 10 === 0 ? null : 'claude-cli/2.0',
    });
  });
}

describe('sums per session', () => {
  it('hold what its requests held, and name account and model of the newest one', () => {
    const records = mixed(600, 17);
    store.write(records);
    expect(store.sessions(0)).toEqual(expected(records, 0));
    expect(store.sessions(0)).toHaveLength(17);
  });

  it('begin with the first request at or after the asked time', () => {
    const records = mixed(600, 17);
    store.write(records);
    const since = records[400]!.startedAt;
    expect(store.sessions(since)).toEqual(expected(records, since));
    expect(store.sessions(since)[0]!.requests).toBeLessThan(store.sessions(0)[0]!.requests);
    expect(store.sessions(records.at(-1)!.startedAt + 1)).toEqual([]);
  });

  it('leave out requests without a session, and answer nothing of an empty log', () => {
    expect(store.sessions(0)).toEqual([]);
    store.write([record(1, { sessionId: null })]);
    expect(store.sessions(0)).toEqual([]);
    store.write([record(2, { sessionId: '' })]);
    expect(store.sessions(0).map((row) => row.sessionId)).toEqual(['']);
  });

  it('are answered for the 300 sessions seen last', () => {
    const records = mixed(2200, 450);
    store.write(records);
    expect(store.sessions(0)).toEqual(expected(records, 0));
    expect(store.sessions(0)).toHaveLength(300);
  });

  it('forget with the log', () => {
    store.write([record(1, { sessionId: 'old' }), record(2, { sessionId: 'new' })]);
    store.pruning.removeBefore(NOON + 2);
    expect(store.sessions(0).map((row) => row.sessionId)).toEqual(['new']);
  });
});

describe('sums per session in a long log', () => {
  const ROWS = 200_000;
  const SESSIONS = 997;

  it('are right, to the last row', () => {
    const db = new Database(file);
    db.exec(`
      WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < ${ROWS})
      INSERT INTO requests (id, started_at, method, path, status, terminal, problem, session_id, model, account_id,
        account_name, streamed, attempts, duration_ms, request_bytes, response_bytes, input_tokens, output_tokens,
        cache_read_tokens, cache_write_tokens, usage_partial, cost_nano_usd)
      SELECT printf('id-%08d', n), ${NOON} + n, 'POST', '/v1/messages', 200, 'complete', n % 10 = 0,
        printf('session-%04d', n * 7 % ${SESSIONS}), printf('m%d', n / 100000), printf('a%d', n % 3), printf('A%d', n % 3), 1, 1, 1, 1, 1,
        n, 1, 2, 3, 0, CASE WHEN n % 4 = 0 THEN NULL ELSE 5 END FROM n`);
    db.close();

    const since = NOON + 50_000;
    const found = store.sessions(since);
    const lastOf = new Map<string, number>();
    const sums = new Map<string, { requests: number; inputTokens: number; unpricedRequests: number }>();
    for (let n = 50_000; n < ROWS; n += 1) {
      const id = `session-${String((n * 7) % SESSIONS).padStart(4, '0')}`;
      const sum = sums.get(id) ?? { requests: 0, inputTokens: 0, unpricedRequests: 0 };
      sum.requests += 1;
      sum.inputTokens += n;
      sum.unpricedRequests += n % 4 === 0 ? 1 : 0;
      sums.set(id, sum);
      lastOf.set(id, n);
    }
    const newest = [...lastOf].sort(([, a], [, b]) => b - a).slice(0, 300);
    expect(
      found.map(({ sessionId, lastSeenAt, requests, inputTokens, unpricedRequests, ...rest }) => ({
        sessionId,
        lastSeenAt,
        ...{ requests, inputTokens, unpricedRequests },
        ...{ accountId: rest.accountId, costNanoUsd: rest.costNanoUsd, model: rest.model },
      })),
    ).toEqual(
      newest.map(([sessionId, n]) => {
        const sum = sums.get(sessionId)!;
        const costNanoUsd = 5 * (sum.requests - sum.unpricedRequests);
        return { sessionId, lastSeenAt: NOON + n, ...sum, accountId: `a${n % 3}`, costNanoUsd, model: 'm1' };
      }),
    );
  });
});

describe('query plans of the sums per session', () => {
  const db = new Database(':memory:');
  for (const { sql } of ARCHIVE_MIGRATIONS) db.exec(sql);

  const steps = (sql: string) =>
    db
      .prepare<[Record<string, unknown>], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all({ since: 0, sessionId: '', lastSeenAt: 0 })
      .map(({ detail }) => detail)
      .filter((detail) => detail.includes(' requests '));

  it('search the index and never walk over the requests', () => {
    for (const sql of Object.values(SESSION_SQL)) {
      const plan = steps(sql);
      expect(plan).not.toEqual([]);
      for (const step of plan) {
        expect(step).toMatch(
          /^SEARCH requests USING (COVERING )?INDEX requests_by_session \(session_id[>=]\?/,
        );
      }
    }
  });

  it('read the rows themselves only for the newest request of a session', () => {
    for (const step of [...steps(SESSION_SQL.newest), ...steps(SESSION_SQL.sums)]) {
      expect(step).toContain('COVERING INDEX');
    }
    expect(steps(SESSION_SQL.head)).toEqual([
      'SEARCH requests USING INDEX requests_by_session (session_id=? AND started_at=?)',
    ]);
  });
});
