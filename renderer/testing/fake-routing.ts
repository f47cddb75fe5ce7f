import type { LimitHistory } from '../../shared/forecast.ts';
import type { LiveSession, SessionView } from '../../shared/session.ts';
import type { Handlers, World } from './fake-world.ts';
import { makeLive } from './session-fixtures.ts';

/** Routing without requests: wishes about accounts show in the state, those about sessions in the next board. */
export function routingHandlers(world: World, sessions: SessionView[], history: LimitHistory) {
  return {
    ...limitHandlers(world),
    ...sessionHandlers(sessions),
    'limits.history': () => history,
  } satisfies Partial<Handlers>;
}

function limitHandlers({ state, change }: World) {
  return {
    'accounts.tryNow': ({ id, bucket }) => {
      change({
        accounts: state().accounts.map((account) => {
          if (account.id !== id) return account;
          const cooldowns = account.cooldowns.map((cooldown) =>
            cooldown.bucket === bucket ? { ...cooldown, probing: true } : cooldown,
          );
          return { ...account, cooldowns };
        }),
      });
      return null;
    },
    'clientKeys.setExhaustion': ({ id, exhaustion }) => {
      change({ clientKeys: state().clientKeys.map((key) => (key.id === id ? { ...key, exhaustion } : key)) });
      return null;
    },
  } satisfies Partial<Handlers>;
}

function sessionHandlers(initial: SessionView[]) {
  let board = initial;
  const edit = (sessionId: string, changes: (live: LiveSession) => Partial<LiveSession>) => {
    board = board.map((view) => {
      if (view.sessionId !== sessionId) return view;
      const live = view.live ?? makeLive({ sessionId });
      return { ...view, live: { ...live, ...changes(live) } };
    });
    return null;
  };
  const boundTo = (live: LiveSession, accountId: string) =>
    live.bindings.map((binding) => ({ ...binding, accountId }));
  return {
    'sessions.list': () => board,
    'sessions.move': ({ sessionId, accountId }) =>
      edit(sessionId, (live) => ({ bindings: boundTo(live, accountId) })),
    'sessions.pin': ({ sessionId, accountId }) =>
      edit(sessionId, (live) => ({ bindings: boundTo(live, accountId), pinnedTo: accountId })),
    'sessions.release': ({ sessionId }) => edit(sessionId, () => ({ bindings: [], pinnedTo: null })),
  } satisfies Partial<Handlers>;
}
