import type { SessionMove, SessionView } from '../../../shared/session.ts';

/** A session as a line of the board: the log's numbers and what routing knows, put together. */
export type SessionRow = {
  id: string;
  project: string | null;
  client: string | null;
  keyName: string | null;
  /** Accounts it is bound to now; the one that served it last where it is bound to none. */
  accountIds: string[];
  /** The name of the account that served it last, for when that account is gone. */
  lastAccountName: string | null;
  models: string[];
  inFlight: number;
  pinnedTo: string | null;
  accountBound: boolean;
  /** Numbers of the log; null while nothing of it was recorded. */
  totals: SessionView['totals'];
  /** Newest first. */
  moves: SessionMove[];
  lastSeenAt: number;
};

/** Puts a session of the board together. */
export function toSessionRow({ sessionId, totals, live }: SessionView): SessionRow {
  const bindings = live?.bindings ?? [];
  const bound = [...new Set(bindings.map(({ accountId }) => accountId))];
  const last = totals?.accountId ?? null;
  const models = [...bindings.map(({ model }) => model), totals?.model ?? ''].filter((model) => model !== '');
  return {
    id: sessionId,
    project: live?.project ?? totals?.project ?? null,
    client: totals?.client ?? null,
    keyName: totals?.clientKeyName ?? null,
    accountIds: bound.length > 0 || last === null ? bound : [last],
    lastAccountName: totals?.accountName ?? null,
    models: [...new Set(models)],
    inFlight: live?.inFlight ?? 0,
    pinnedTo: live?.pinnedTo ?? null,
    accountBound: live?.accountBound ?? false,
    totals,
    moves: [...(live?.moves ?? [])].reverse(),
    lastSeenAt: Math.max(live?.lastSeenAt ?? 0, totals?.lastSeenAt ?? 0),
  };
}

/** First part of a session id, as in the request log. */
export function shortId(sessionId: string): string {
  return sessionId.slice(0, 8);
}

/** Share of the prompt that came from the cache: read / (read + written + fresh); null without a prompt. */
export function cacheHitShare(totals: SessionView['totals']): number | null {
  if (totals === null) return null;
  const all = totals.cacheReadTokens + totals.cacheWriteTokens + totals.inputTokens;
  return all === 0 ? null : totals.cacheReadTokens / all;
}

/** Whether every word of the filter occurs in what a row says. `names` are those of its accounts. */
export function fitsFilter(row: SessionRow, names: readonly string[], filter: string): boolean {
  const { id, project, client, keyName, models } = row;
  const pinned = row.pinnedTo === null ? '' : 'pinned';
  const text = [id, project, client, keyName, pinned, ...models, ...names].join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
