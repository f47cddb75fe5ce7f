import type { AccountView } from '../../shared/account.ts';
import type { Clock } from '../core/clock.ts';
import type { Account, AccountPool, AccountStanding, Balancer, LimitBook } from '../core/ports.ts';

/** What the account service adds to a view. */
export type AccountDetail = Pick<
  AccountView,
  'credentialHint' | 'token' | 'organizationId' | 'lastUsedAt' | 'createdAt'
>;

/** Puts together what window and tray show of an account, from the rooms that each know a part. */
export function createAccountViews(deps: {
  pool: AccountPool;
  limits: LimitBook;
  balancer: Balancer;
  clock: Clock;
  detail: (id: string) => AccountDetail;
  standing: (account: Account, nextAccountId: string | null, now: number) => AccountStanding;
}): () => { accounts: AccountView[]; nextAccountId: string | null } {
  return () => {
    const now = deps.clock.now();
    const nextAccountId = deps.balancer.nextAccount(now)?.id ?? null;
    const accounts = deps.pool.all().map((account): AccountView => {
      const standing = deps.standing(account, nextAccountId, now);
      return {
        id: account.id,
        name: account.name,
        kind: account.kind,
        baseUrl: account.baseUrl,
        priority: account.priority,
        paused: account.paused,
        ...standing,
        ...deps.detail(account.id),
        cooldowns: [...deps.limits.cooldowns(account.id, now)],
        readings: [...deps.limits.readings(account.id)],
        inFlight: deps.pool.inFlight(account.id),
        boundSessions: deps.balancer.boundSessions(account.id),
      };
    });
    return { accounts, nextAccountId };
  };
}
