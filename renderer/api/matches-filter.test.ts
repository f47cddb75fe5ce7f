import { describe, expect, it } from 'vitest';
import type { RequestFilter } from '../../shared/request-record.ts';
import { makeRow } from '../testing/request-fixtures.ts';
import { matchesFilter } from './matches-filter.ts';

const row = makeRow(0, { project: 'billing' });
const broken = makeRow(0, { status: 529, errorCode: 'overloaded_error' });

describe('matchesFilter', () => {
  it.each<[string, RequestFilter, boolean, boolean]>([
    ['nothing asked', { outcome: 'all' }, true, true],
    ['only good ones', { outcome: 'ok' }, true, false],
    ['only problems', { outcome: 'problem' }, false, true],
    ['another account', { outcome: 'all', accountId: 'acc-x' }, false, false],
    ['this account', { outcome: 'all', accountId: 'acc-work' }, true, true],
    ['another model', { outcome: 'all', model: 'claude-x' }, false, false],
    ['text in the error code', { outcome: 'all', text: 'OVERLOADED' }, false, true],
    ['text in the project', { outcome: 'all', text: 'BILL' }, true, false],
    ['text in the session', { outcome: 'all', text: '7F3A' }, true, true],
  ])('%s', (_, filter, rowIn, brokenIn) => {
    expect([matchesFilter(row, filter), matchesFilter(broken, filter)]).toEqual([rowIn, brokenIn]);
  });
});
