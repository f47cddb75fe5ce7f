import type { CallHandlers } from '../../shared/thread-rpc.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import type { Rooms } from './engine-rooms.ts';

type SignInCalls = Extract<keyof EngineCalls, `signIn.${string}`>;

/** Signing in; how it goes on is in the slice of the same name. */
export function signInCalls(rooms: () => Rooms): Pick<CallHandlers<EngineCalls>, SignInCalls> {
  const done = (work: () => void): null => {
    work();
    return null;
  };
  return {
    'signIn.start': ({ actor, ...input }) => rooms().signIns.start(input, actor),
    'signIn.redirected': async ({ id, url }) => {
      await rooms().signIns.redirected(id, url);
      return null;
    },
    'signIn.windowClosed': ({ id, reason }) => done(() => rooms().signIns.windowClosed(id, reason)),
    'signIn.paste': async ({ id, text }) => {
      await rooms().signIns.paste(id, text);
      return null;
    },
    'signIn.confirm': ({ actor, ...input }) => {
      const added = rooms().signIns.confirm(input, actor);
      // Where its windows stand decides where new sessions go; the next answer may be long in coming.
      void rooms().usageChecks.check(added.id);
      return added;
    },
    'signIn.cancel': ({ id }) => done(() => rooms().signIns.cancel(id)),
  };
}
