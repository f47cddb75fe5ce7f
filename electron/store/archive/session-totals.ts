import type { Database } from 'better-sqlite3';
import { type SessionTotals, sessionTotalsSchema } from '../../../shared/session.ts';

/** Sessions in one answer. */
const MAX_SESSIONS = 300;

/** The index over the requests of sessions alone: it holds all that is summed. */
const REQUESTS = 'requests INDEXED BY requests_by_session WHERE session_id IS NOT NULL';

/**
 * The sessions seen last. It hops from session to session through the index instead of walking over all requests:
 * they may be a thousand times as many.
 */
const NEWEST = `WITH RECURSIVE
    known (sessionId) AS (
      SELECT (SELECT MIN(session_id) FROM ${REQUESTS})
      UNION ALL
      SELECT (SELECT MIN(session_id) FROM ${REQUESTS} AND session_id > sessionId) FROM known
      WHERE sessionId IS NOT NULL
    ),
    seen (sessionId, lastSeenAt) AS (
      SELECT sessionId, (SELECT MAX(started_at) FROM ${REQUESTS} AND session_id = sessionId) FROM known
      WHERE sessionId IS NOT NULL
    )
  SELECT sessionId, lastSeenAt FROM seen WHERE lastSeenAt >= @since
  ORDER BY lastSeenAt DESC, sessionId LIMIT ${MAX_SESSIONS}`;

/** Sums of one session. A missing price is read as in totals.ts. */
const SUMS = `SELECT COUNT(*) AS requests, SUM(problem) AS problems,
    coalesce(SUM(input_tokens), 0) AS inputTokens, coalesce(SUM(output_tokens), 0) AS outputTokens,
    coalesce(SUM(cache_read_tokens), 0) AS cacheReadTokens,
    coalesce(SUM(cache_write_tokens), 0) AS cacheWriteTokens, coalesce(SUM(cost_nano_usd), 0) AS costNanoUsd,
    coalesce(SUM(cost_nano_usd) FILTER (WHERE account_kind = 'oauth'), 0) AS worthNanoUsd,
    COUNT(*) FILTER (WHERE usage_partial IS NOT NULL AND cost_nano_usd IS NULL) AS unpricedRequests,
    MIN(started_at) AS firstSeenAt
  FROM ${REQUESTS} AND session_id = @sessionId AND started_at >= @since`;

/** Who asked for what in the newest request of a session. */
const HEAD = `SELECT client, client_key_name AS clientKeyName, project, model, account_id AS accountId,
    account_name AS accountName
  FROM ${REQUESTS} AND session_id = @sessionId AND started_at = @lastSeenAt ORDER BY id DESC LIMIT 1`;

/** The three queries, so that a test can look at their plans. */
export const SESSION_SQL = { newest: NEWEST, sums: SUMS, head: HEAD };

type Seen = Pick<SessionTotals, 'sessionId' | 'lastSeenAt'>;

/** Answers the sums per session over what started at `since` (UTC ms) or later; the 300 seen last, newest first. */
export function createSessionTotals(db: Database): (since: number) => SessionTotals[] {
  const newest = db.prepare<[{ since: number }], Seen>(SESSION_SQL.newest);
  const sums = db.prepare<[Seen & { since: number }]>(SESSION_SQL.sums);
  const head = db.prepare<[Seen]>(SESSION_SQL.head);
  return (since) =>
    newest.all({ since }).map((seen) => {
      const parts = [seen, sums.get({ ...seen, since }), head.get(seen)];
      return sessionTotalsSchema.parse(Object.assign({}, ...parts));
    });
}
