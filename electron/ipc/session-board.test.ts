import { describe, expect, it } from 'vitest';
import type { LiveSession, SessionTotals } from '../../shared/session.ts';
import { sessionBoard } from './session-board.ts';

const live = (sessionId: string, lastSeenAt: number, change: Partial<LiveSession> = {}): LiveSession => ({
  sessionId,
  bindings: [],
  inFlight: 0,
  pinnedTo: null,
  accountBound: false,
  project: null,
  lastSeenAt,
  moves: [],
  ...change,
});
const totals = (sessionId: string, lastSeenAt: number): SessionTotals => ({
  sessionId,
  client: null,
  clientKeyName: null,
  project: null,
  model: null,
  accountId: null,
  accountName: null,
  requests: 1,
  problems: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costNanoUsd: 0,
  unpricedRequests: 0,
  firstSeenAt: 0,
  lastSeenAt,
});

describe('session board', () => {
  it('puts both halves of a session into one row, newest first', () => {
    const rows = sessionBoard([live('a', 50), live('b', 70)], [totals('a', 60), totals('c', 65)], 0);
    expect(rows.map((row) => [row.sessionId, row.live !== null, row.totals !== null])).toEqual([
      ['b', true, false],
      ['c', false, true],
      ['a', true, true],
    ]);
  });

  it('leaves out what is over, unless it runs or is pinned', () => {
    const old = [live('gone', 5), live('runs', 5, { inFlight: 1 }), live('pinned', 5, { pinnedTo: 'a1' })];
    expect(sessionBoard(old, [], 10).map((row) => row.sessionId)).toEqual(['runs', 'pinned']);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 400 }, (_, index) => live(`s${index}`, index));
    expect(sessionBoard(many, [], 0)).toHaveLength(300);
  });
});
