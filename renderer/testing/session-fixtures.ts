import type { LiveSession, SessionMove, SessionTotals, SessionView } from '../../shared/session.ts';
import { HOUR, MINUTE, NOW } from './fixtures.ts';

export function makeMove(overrides: Partial<SessionMove> = {}): SessionMove {
  return {
    at: NOW - 18 * MINUTE,
    fromAccountId: 'acc-private',
    fromAccountName: 'private',
    toAccountId: 'acc-work',
    toAccountName: 'work',
    reason: 'The 5-hour window of private is used up.',
    cacheTokens: 82_400,
    costNanoUsd: 473_000_000,
    accountBound: false,
    ...overrides,
  };
}

export function makeLive(overrides: Partial<LiveSession> = {}): LiveSession {
  return {
    sessionId: '7f3a9c12-1f0b',
    bindings: [{ model: 'claude-opus-4-8', accountId: 'acc-work' }],
    inFlight: 0,
    pinnedTo: null,
    accountBound: false,
    project: null,
    lastSeenAt: NOW - 4000,
    moves: [],
    ...overrides,
  };
}

function makeSessionTotals(overrides: Partial<SessionTotals> = {}): SessionTotals {
  return {
    sessionId: '7f3a9c12-1f0b',
    client: 'claude-cli/2.1.9',
    clientKeyName: 'default',
    project: 'billing',
    model: 'claude-opus-4-8',
    accountId: 'acc-work',
    accountName: 'work',
    requests: 212,
    problems: 2,
    inputTokens: 20_000,
    outputTokens: 96_000,
    cacheReadTokens: 4_900_000,
    cacheWriteTokens: 80_000,
    costNanoUsd: 11_400_000_000,
    worthNanoUsd: 11_400_000_000,
    unpricedRequests: 0,
    firstSeenAt: NOW - 6 * HOUR,
    lastSeenAt: NOW - 4000,
    ...overrides,
  };
}

/** Three sessions: one that runs and has moved, one that is pinned, one that only the log remembers. */
export function makeSessions(): SessionView[] {
  const running = '7f3a9c12-1f0b';
  const pinned = 'b21d44e0-99aa';
  const old = '0c5e7d31-55cd';
  const moves = [
    makeMove({ at: NOW - 3 * HOUR, cacheTokens: 0, costNanoUsd: 0, reason: 'You moved it.' }),
    makeMove({ accountBound: true }),
  ];
  return [
    {
      sessionId: running,
      totals: makeSessionTotals({ sessionId: running }),
      live: makeLive({ sessionId: running, inFlight: 2, accountBound: true, moves }),
    },
    {
      sessionId: pinned,
      totals: makeSessionTotals({
        sessionId: pinned,
        project: null,
        client: 'editor/1.4',
        clientKeyName: 'editor',
        accountId: 'acc-api',
        accountName: 'api-team',
        model: 'claude-sonnet-5',
        problems: 0,
        worthNanoUsd: 0,
        unpricedRequests: 3,
        lastSeenAt: NOW - 9 * MINUTE,
      }),
      live: makeLive({
        sessionId: pinned,
        bindings: [{ model: 'claude-sonnet-5', accountId: 'acc-api' }],
        pinnedTo: 'acc-api',
        lastSeenAt: NOW - 9 * MINUTE,
      }),
    },
    {
      sessionId: old,
      totals: makeSessionTotals({
        sessionId: old,
        accountId: 'acc-gone',
        accountName: 'former',
        model: 'claude-preview-x',
        requests: 4,
        unpricedRequests: 4,
        costNanoUsd: 0,
        worthNanoUsd: 0,
        inputTokens: 0,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        lastSeenAt: NOW - 5 * HOUR,
      }),
      live: null,
    },
  ];
}
