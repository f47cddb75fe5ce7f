import type { LiveSession, SessionTotals, SessionView } from '../../shared/session.ts';

/** Rows in one answer, as the contract bounds it. */
const MAX_ROWS = 300;

/**
 * The session board: what routing knows beside what the log knows, newest first. Sessions that were last seen before
 * `since` (UTC ms) are left out, unless something of them is in force now. Pure.
 */
export function sessionBoard(
  live: readonly LiveSession[],
  totals: readonly SessionTotals[],
  since: number,
): SessionView[] {
  const rows = new Map<string, SessionView>();
  for (const sums of totals)
    rows.set(sums.sessionId, { sessionId: sums.sessionId, totals: sums, live: null });
  for (const session of live) {
    const { sessionId } = session;
    const sums = rows.get(sessionId)?.totals ?? null;
    const current = session.inFlight > 0 || session.pinnedTo !== null;
    if (sums || current || session.lastSeenAt >= since)
      rows.set(sessionId, { sessionId, totals: sums, live: session });
  }
  return [...rows.values()].sort((a, b) => lastSeen(b) - lastSeen(a)).slice(0, MAX_ROWS);
}

function lastSeen({ totals, live }: SessionView): number {
  return Math.max(totals?.lastSeenAt ?? 0, live?.lastSeenAt ?? 0);
}
