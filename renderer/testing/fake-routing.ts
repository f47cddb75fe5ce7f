import type { Handlers, World } from './fake-world.ts';

/** Wishes about routing, as far as the state shows them. There are no sessions and no old readings. */
export function routingHandlers({ state, change }: World) {
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
    'limits.history': () => ({ series: [] }),
    'sessions.list': () => [],
    'sessions.move': () => null,
    'sessions.pin': () => null,
    'sessions.release': () => null,
    'clientKeys.setExhaustion': ({ id, exhaustion }) => {
      change({ clientKeys: state().clientKeys.map((key) => (key.id === id ? { ...key, exhaustion } : key)) });
      return null;
    },
  } satisfies Partial<Handlers>;
}
