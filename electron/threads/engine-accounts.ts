import type { CallHandlers } from '../../shared/thread-rpc.ts';
import type { Actor } from '../core/ports.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import type { Rooms } from './engine-rooms.ts';
import type { Engine } from './engine-service.ts';

type AccountCalls = Extract<keyof EngineCalls, `accounts.${string}`> | 'limits.history';

/** What a user can do with accounts, and what is known of their limits over time. */
export function accountCalls(engine: () => Engine): Pick<CallHandlers<EngineCalls>, AccountCalls> {
  const rooms = (): Rooms => engine().rooms;
  const accounts = (): Rooms['accounts'] => rooms().accounts;
  const done = (work: () => void): null => {
    work();
    return null;
  };
  return {
    'accounts.add': ({ actor, ...account }) => accounts().add(account, actor),
    'accounts.rename': ({ actor, ...change }) => done(() => accounts().rename(change, actor)),
    'accounts.setPaused': ({ actor, ...change }) =>
      done(() => {
        accounts().setPaused(change, actor);
        rooms().gate.lookAgain(change.id);
      }),
    'accounts.setAllPaused': ({ actor, ...change }) =>
      done(() => {
        accounts().setAllPaused(change, actor);
        for (const { id } of accounts().pool.all()) rooms().gate.lookAgain(id);
      }),
    'accounts.setPriority': ({ actor, ...change }) => done(() => accounts().setPriority(change, actor)),
    'accounts.addSetupToken': ({ actor, ...account }) =>
      accounts().addSetupToken(account, actor, rooms().verifyToken),
    'accounts.setEndpoint': ({ actor, ...change }) => done(() => accounts().setEndpoint(change, actor)),
    'accounts.checkUsage': async ({ id }) => {
      await rooms().usageChecks.check(id);
      return null;
    },
    'accounts.replaceKey': ({ actor, ...change }) => done(() => accounts().replaceKey(change, actor)),
    'accounts.clearCooldown': ({ id, bucket, actor }) =>
      done(() => {
        rooms().limits.clear(id, bucket);
        auditRest(rooms(), actor, 'account.clear_cooldown', id, bucket);
      }),
    'accounts.tryNow': ({ id, bucket, actor }) =>
      done(() => {
        const { limits, gate } = rooms();
        limits.tryNow(id, bucket, engine().clock.now());
        for (const one of accounts().pool.sharing(id)) gate.rested(one, bucket);
        auditRest(rooms(), actor, 'account.try_now', id, bucket);
      }),
    'accounts.remove': ({ id, actor }) =>
      done(() => {
        const [first, next] = accounts().pool.sharing(id);
        accounts().remove({ id }, actor);
        const { limits, balancer, gate, pins, forecasts, usageChecks } = rooms();
        limits.forget(id, first === id ? next : undefined);
        for (const room of [balancer, gate, pins, forecasts, usageChecks]) room.forget(id);
      }),
    'limits.history': ({ accountId, from, to }) => rooms().forecasts.history(accountId, from, to),
  };
}

function auditRest(rooms: Rooms, actor: Actor, action: string, id: string, bucket: string): void {
  const subject = rooms.accounts.pool.get(id)?.name ?? id;
  rooms.audit.write({ actor, action, subject, outcome: 'ok', detail: bucket });
}
