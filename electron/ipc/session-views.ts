import type { LiveSession, SessionTotals, SessionView } from '../../shared/session.ts';

/** Rows in one answer, as the contract bounds it. */
const MAX_ROWS = 300;

const HOUR_MS = 3_600_000;

/** Start of the span that the session board shows, UTC ms. */
export function boardSince(now: number, hours: number): number {
  return now - hours * HOUR_MS;
}

/**
 * The session board: what the log knows beside what routing knows, newest first. Sessions without a logged request in
 * the last `hours` before `now` (UTC ms) are shown when routing saw them in that time, or while something of them is
 * in force: a request or a pin. Those are also the last to be cut, since a pin must be found to be released.
 */
export function joinSessions(
  totals: readonly SessionTotals[],
  live: readonly LiveSession[],
  now: number,
  hours: number,
): SessionView[] {
  const since = boardSince(now, hours);
  const liveById = new Map(live.map((session) => [session.sessionId, session]));
  const logged = new Set(totals.map(({ sessionId }) => sessionId));
  const fromLog = totals.map((sums): SessionView => {
    const { sessionId } = sums;
    return { sessionId, totals: sums, live: liveById.get(sessionId) ?? null };
  });
  const unlogged = live
    .filter(({ sessionId }) => !logged.has(sessionId))
    .map((session): SessionView => ({ sessionId: session.sessionId, totals: null, live: session }))
    .filter((view) => isInForce(view) || lastSeen(view) >= since);
  return [...fromLog, ...unlogged]
    .sort((a, b) => Number(isInForce(b)) - Number(isInForce(a)) || lastSeen(b) - lastSeen(a))
    .slice(0, MAX_ROWS)
    .sort((a, b) => lastSeen(b) - lastSeen(a));
}

function isInForce({ live }: SessionView): boolean {
  return live !== null && (live.inFlight > 0 || live.pinnedTo !== null);
}

function lastSeen({ totals, live }: SessionView): number {
  return Math.max(totals?.lastSeenAt ?? 0, live?.lastSeenAt ?? 0);
}
