import { describe, expect, it } from 'vitest';
import { type LiveSession, type SessionTotals, sessionViewSchema } from '../../shared/session.ts';
import { joinSessions } from './session-views.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 12);

/** `ago` ms before now. */
const live = (sessionId: string, ago: number, change: Partial<LiveSession> = {}): LiveSession => ({
  sessionId,
  bindings: [],
  inFlight: 0,
  pinnedTo: null,
  accountBound: false,
  project: null,
  lastSeenAt: NOW - ago,
  moves: [],
  ...change,
});

const totals = (sessionId: string, ago: number): SessionTotals => ({
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
  worthNanoUsd: 0,
  unpricedRequests: 0,
  firstSeenAt: 0,
  lastSeenAt: NOW - ago,
});

const idsOf = (rows: readonly { sessionId: string }[]) => rows.map(({ sessionId }) => sessionId);

describe('the session board', () => {
  it('puts both halves of a session into one row, newest first by whichever half is newer', () => {
    const a = live('a', 50);
    const rows = joinSessions([totals('a', 40), totals('c', 35)], [a, live('b', 30)], NOW, 1);
    expect(rows).toEqual([
      { sessionId: 'b', totals: null, live: live('b', 30) },
      { sessionId: 'c', totals: totals('c', 35), live: null },
      { sessionId: 'a', totals: totals('a', 40), live: a },
    ]);
    for (const row of rows) expect(sessionViewSchema.parse(row)).toEqual(row);
  });

  it('keeps what routing knows of a logged session, however long ago routing saw it', () => {
    const rows = joinSessions([totals('a', 1)], [live('a', 9 * HOUR_MS)], NOW, 1);
    expect(rows).toMatchObject([{ sessionId: 'a', totals: { requests: 1 }, live: { sessionId: 'a' } }]);
  });

  it('leaves out unlogged sessions of an earlier time, unless a request runs or a pin holds', () => {
    const earlier = [
      live('over', HOUR_MS + 1),
      live('just', HOUR_MS),
      live('runs', 5 * HOUR_MS, { inFlight: 1 }),
      live('pinned', NOW, { pinnedTo: 'a1' }),
    ];
    expect(idsOf(joinSessions([], earlier, NOW, 1))).toEqual(['just', 'runs', 'pinned']);
    expect(idsOf(joinSessions([], earlier, NOW, 2))).toEqual(['just', 'over', 'runs', 'pinned']);
  });

  it('shows the newest 300, and never cuts what runs or is pinned', () => {
    const logged = Array.from({ length: 300 }, (_, n) => totals(`logged-${n}`, n));
    const held = [live('pinned', NOW, { pinnedTo: 'a1' }), live('runs', 999, { inFlight: 2 })];
    const rows = joinSessions(logged, [...held, live('idle', 998)], NOW, 1);
    expect(rows).toHaveLength(300);
    expect(idsOf(rows)).toEqual([...idsOf(logged).slice(0, 298), 'runs', 'pinned']);
  });

  it('is empty when nobody was there', () => {
    expect(joinSessions([], [], NOW, 168)).toEqual([]);
  });
});
