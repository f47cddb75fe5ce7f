import type { RequestRecord, Usage } from '../../../shared/request-record.ts';
import type { LiveSession, SessionMove } from '../../../shared/session.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Account, AccountPool, Balancer } from '../ports.ts';
import type { SessionBoard, SessionPins } from '../routing-ports.ts';
import type { PriceUsage } from '../usage-ports.ts';
import { modelFits } from './model-pattern.ts';
import { longShare, rewriteCost, warmTokens } from './warm-cache.ts';

/** Sessions remembered; the longest unseen go first. */
const MAX_SESSIONS = 300;

/** Moves remembered per session. */
const MAX_MOVES = 20;

/** Accounts remembered per model of a session. */
const MAX_CACHES = 6;

/** Models remembered per session. */
const MAX_MODELS = 20;

/** What of a prompt was in an account's cache, and when. */
type Cache = { readonly at: number; readonly usage: Usage | null };

/** Where a session's model was served last. `caches`: by account, the newest last. */
type Place = Cache & {
  readonly accountId: string;
  readonly accountName: string;
  readonly caches: ReadonlyMap<string, Cache>;
  /** Share of its cache writes that live for an hour, as last seen. */
  readonly long: number;
};

type Session = {
  inFlight: number;
  project: string | null;
  lastSeenAt: number;
  readonly places: Map<string, Place>;
  readonly moves: SessionMove[];
};

/** What the board looks at. */
export type SessionBoardDeps = {
  bindings: Balancer['bindings'];
  accounts: Pick<AccountPool, 'get'>;
  pins: Pick<SessionPins, 'pinnedTo' | 'sessions'>;
  price: PriceUsage;
  settings: () => Pick<Settings, 'accountBoundModels'>;
};

/** See {@link SessionBoard}. */
export function createSessionBoard(deps: SessionBoardDeps): SessionBoard {
  const sessions = new Map<string, Session>();
  const earlier = earlierBindings(deps.bindings());

  /** Where a session was in an earlier run; told once, since from then on the board knows better. */
  const placesBefore = (sessionId: string): Map<string, Place> => {
    const known = earlier.get(sessionId) ?? [];
    earlier.delete(sessionId);
    const places = known.map(({ model, accountId, lastUsedAt }) => {
      const accountName = deps.accounts.get(accountId)?.name ?? '';
      return [
        model,
        { accountId, accountName, at: lastUsedAt, usage: null, caches: new Map(), long: 0 },
      ] as const;
    });
    return new Map(places);
  };
  /** The session, moved to the end of the map: the first is the longest unseen. */
  const seen = (sessionId: string, at: number): Session => {
    const known = sessions.get(sessionId);
    sessions.delete(sessionId);
    const session = known ?? {
      ...{ inFlight: 0, project: null, lastSeenAt: at, moves: [] },
      places: placesBefore(sessionId),
    };
    session.lastSeenAt = Math.max(session.lastSeenAt, at);
    sessions.set(sessionId, session);
    shed(sessions);
    return session;
  };
  const isAccountBound = (model: string): boolean =>
    deps.settings().accountBoundModels.some((pattern) => modelFits(pattern, model));

  return {
    started(sessionId, at, project) {
      const session = seen(sessionId, at);
      session.inFlight += 1;
      session.project = project ?? session.project;
    },
    ended(record) {
      if (record.sessionId === null) return;
      const session = sessions.get(record.sessionId);
      if (session === undefined) return;
      session.inFlight = Math.max(0, session.inFlight - 1);
      notePlace(session, record);
    },
    moved(sessionId, model, to, reason, at) {
      const session = sessions.get(sessionId);
      const from = session?.places.get(model ?? '');
      if (session === undefined || from === undefined || from.accountId === to.id) return null;
      const move = priced(from, to, { model, reason, at }, deps.price, isAccountBound);
      session.moves.push(move);
      if (session.moves.length > MAX_MOVES) session.moves.shift();
      // Later requests that were under way with this one make the same move: it counts once.
      session.places.set(model ?? '', { ...from, accountId: to.id, accountName: to.name, at, usage: null });
      return move;
    },
    live: () => liveSessions(sessions, deps, isAccountBound),
  };
}

type Bound = {
  readonly sessionId: string;
  readonly model: string;
  readonly accountId: string;
  readonly lastUsedAt: number;
};

/** Bindings of an earlier run by session. Those for no model are the user's wish: nothing was served there yet. */
function earlierBindings(bindings: Iterable<Bound>): Map<string, Bound[]> {
  const sessions = new Map<string, Bound[]>();
  for (const binding of bindings) {
    if (binding.model === '') continue;
    const known = sessions.get(binding.sessionId) ?? [];
    sessions.set(binding.sessionId, [...known.slice(1 - MAX_MODELS), binding]);
  }
  return sessions;
}

function priced(
  from: Place,
  to: Account,
  { model, reason, at }: { model: string | null; reason: string; at: number },
  price: PriceUsage,
  isAccountBound: (model: string) => boolean,
): SessionMove {
  const there = from.caches.get(to.id);
  const warm = warmTokens(from.usage, from.at, at);
  // Where it was served a moment ago, its prompt is still known.
  const warmThere = there === undefined ? 0 : (warmTokens(there.usage, there.at, at) ?? 0);
  const cacheTokens = warm === null ? null : Math.max(0, warm - warmThere);
  return {
    at,
    fromAccountId: from.accountId,
    fromAccountName: from.accountName,
    toAccountId: to.id,
    toAccountName: to.name,
    reason,
    cacheTokens,
    costNanoUsd:
      cacheTokens === null ? null : rewriteCost(price, model, { tokens: cacheTokens, long: from.long, at }),
    accountBound: model !== null && isAccountBound(model),
  };
}

function notePlace(session: Session, record: RequestRecord): void {
  const { accountId, accountName, model, status, usage } = record;
  if (accountId === null || status === null || status >= 400) return;
  const key = model ?? '';
  const known = session.places.get(key);
  const at = record.startedAt + record.durationMs;
  // A request that ends after its session has moved on says nothing about where the session is now.
  if (known !== undefined && known.accountId !== accountId && known.at > record.startedAt) return;
  session.places.delete(key);
  const seen = usage ?? (known?.accountId === accountId ? known.usage : null);
  const caches = new Map(known?.caches);
  caches.delete(accountId);
  caches.set(accountId, { at, usage: seen });
  dropOldest(caches, MAX_CACHES);
  session.places.set(key, {
    accountId,
    accountName: accountName ?? '',
    at,
    usage: seen,
    caches,
    long: longShare(usage) ?? known?.long ?? 0,
  });
  dropOldest(session.places, MAX_MODELS);
}

function dropOldest(map: Map<string, unknown>, keep: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= keep) return;
    map.delete(oldest);
  }
}

/** A session with running requests stays. */
function shed(sessions: Map<string, Session>): void {
  for (const [id, { inFlight }] of sessions) {
    if (sessions.size <= MAX_SESSIONS) return;
    if (inFlight === 0) sessions.delete(id);
  }
}

function liveSessions(
  sessions: ReadonlyMap<string, Session>,
  { bindings, pins }: SessionBoardDeps,
  isAccountBound: (model: string) => boolean,
): LiveSession[] {
  const bound = new Map<string, { model: string; accountId: string; lastUsedAt: number }[]>();
  for (const { sessionId, ...binding } of bindings()) {
    const list = bound.get(sessionId);
    if (list === undefined) bound.set(sessionId, [binding]);
    else list.push(binding);
  }
  const ids = new Set([...sessions.keys(), ...bound.keys(), ...pins.sessions()]);
  const rows = [...ids].map((sessionId): LiveSession => {
    const session = sessions.get(sessionId);
    const own = bound.get(sessionId) ?? [];
    return {
      sessionId,
      bindings: own.map(({ model, accountId }) => ({ model, accountId })),
      inFlight: session?.inFlight ?? 0,
      pinnedTo: pins.pinnedTo(sessionId),
      accountBound: own.some(({ model }) => isAccountBound(model)),
      project: session?.project ?? null,
      lastSeenAt: Math.max(session?.lastSeenAt ?? 0, ...own.map(({ lastUsedAt }) => lastUsedAt)),
      moves: [...(session?.moves ?? [])],
    };
  });
  return rows.sort(inOrderOfCare).slice(0, MAX_SESSIONS);
}

/** Sessions that run or that the user pinned are never cut off; after them the newest come first. */
function inOrderOfCare(a: LiveSession, b: LiveSession): number {
  const held = (one: LiveSession): number => (one.inFlight > 0 || one.pinnedTo !== null ? 1 : 0);
  return held(b) - held(a) || b.lastSeenAt - a.lastSeenAt;
}
