import type { CallHandlers } from '../../shared/thread-rpc.ts';
import { AppError } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import type { Rooms } from './engine-rooms.ts';

type SessionCalls = Extract<keyof EngineCalls, `sessions.${string}`>;

/** What a user can do with single sessions. A pin is stronger than a move: it holds whatever happens. */
export function sessionCalls(rooms: () => Rooms): Pick<CallHandlers<EngineCalls>, SessionCalls> {
  const audited = (actor: Actor, action: string, sessionId: string, accountId: string | null): null => {
    const account = accountId === null ? null : rooms().accounts.pool.get(accountId);
    const detail = account === null ? null : `to ${account?.name}`;
    rooms().audit.write({ actor, action, subject: sessionId, outcome: 'ok', detail });
    return null;
  };
  const requireAccount = (accountId: string): void => {
    if (rooms().accounts.pool.get(accountId) !== undefined) return;
    throw new AppError('not_found', 'There is no such account any more. It may have been removed meanwhile.');
  };
  return {
    'sessions.live': () => rooms().board.live(),
    'sessions.move': ({ sessionId, accountId, actor }) => {
      requireAccount(accountId);
      rooms().pins.release(sessionId);
      rooms().balancer.move(sessionId, accountId);
      return audited(actor, 'session.move', sessionId, accountId);
    },
    'sessions.pin': ({ sessionId, accountId, actor }) => {
      requireAccount(accountId);
      rooms().pins.pin(sessionId, accountId);
      rooms().balancer.move(sessionId, accountId);
      return audited(actor, 'session.pin', sessionId, accountId);
    },
    'sessions.release': ({ sessionId, actor }) => {
      rooms().pins.release(sessionId);
      rooms().balancer.release(sessionId);
      return audited(actor, 'session.release', sessionId, null);
    },
  };
}
