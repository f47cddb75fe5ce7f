import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { RequestFilter } from '../../../shared/request-record.ts';
import { ARCHIVE_MIGRATIONS } from './migrations.ts';
import { listQuery, listSql, scanEndSql } from './request-list.ts';

const CURSOR = { startedAt: 1, id: 'id' };
const CASES: [string, RequestFilter][] = [
  ['requests_by_time', { outcome: 'all' }],
  ['requests_by_time', { outcome: 'all', text: 'claude' }],
  ['requests_by_problem', { outcome: 'problem' }],
  ['requests_by_problem', { outcome: 'ok', text: 'claude' }],
  ['requests_by_account', { outcome: 'all', accountId: 'a' }],
  ['requests_by_account', { outcome: 'problem', accountId: 'a', model: 'm', text: 'x' }],
  ['requests_by_model', { outcome: 'ok', model: 'm' }],
];

function emptyArchive() {
  const db = new Database(':memory:');
  for (const { sql } of ARCHIVE_MIGRATIONS) db.exec(sql);
  return db;
}

describe('query plans of the list', () => {
  const db = emptyArchive();
  const planOf = (sql: string, values: Record<string, unknown>) =>
    db
      .prepare<[Record<string, unknown>], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(values)
      .map(({ detail }) => detail)
      .join('\n');

  it.each(CASES)('walk %s and sort nothing for %o', (index, filter) => {
    for (const cursor of [null, CURSOR]) {
      const query = listQuery(filter, cursor);
      const values = {
        ...query.scan.values,
        ...query.filter.values,
        scanLimit: 9,
        wanted: 9,
        lastScanned: 8,
      };
      for (const sql of [listSql(query), scanEndSql(query)]) {
        const plan = planOf(sql, values);
        expect(plan).toContain(`INDEX ${index}`);
        expect(plan).not.toContain('TEMP B-TREE');
      }
      expect(planOf(scanEndSql(query), values)).toContain('COVERING INDEX');
      if (cursor) expect(planOf(listSql(query), values)).toMatch(/SEARCH requests USING INDEX/);
    }
  });
});
