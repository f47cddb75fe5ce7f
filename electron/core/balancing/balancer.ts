import type { Settings } from '../../../shared/settings.ts';
import type { Clock } from '../clock.ts';
import type {
  Account,
  AccountPool,
  Balancer,
  LimitBook,
  Plan,
  RoutingRequest,
  SettingsSource,
} from '../ports.ts';
import type { BindingStore } from '../store-ports.ts';
import { SessionBindings } from './session-bindings.ts';
import { sortAccounts } from './sort-accounts.ts';
import { session } from './strategies/session.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy a user can choose. */
const STRATEGIES: Record<Settings['strategy'], Strategy> = { session };

/** What the balancer is made from. */
type BalancerDeps = {
  settings: SettingsSource;
  accounts: AccountPool;
  limits: LimitBook;
  bindings: BindingStore;
  clock: Clock;
};

/** Chooses accounts per request and remembers which session is where; `flush` writes the bindings that wait. */
export function createBalancer(deps: BalancerDeps): Balancer & { flush(): void } {
  const { settings, accounts, limits, clock } = deps;
  const bindings = new SessionBindings(deps.bindings, clock, () => settings.current().sessionDurationMs);
  let active = bindings.newest();

  const boundTo = ({ sessionId, model, now }: RoutingRequest): string | null =>
    sessionId === null ? null : bindings.accountOf(sessionId, model ?? '', now);

  const choose = (request: RoutingRequest): Plan => {
    const { strategy } = settings.current();
    const { able, skipped, lastResort } = sortAccounts(accounts, limits, request.model, request.now);
    if (able.length === 0 && lastResort.length > 0) {
      const asked = new Set(lastResort.map(({ account }) => account));
      return {
        strategy,
        accounts: lastResort,
        skipped: skipped.filter(({ account }) => !asked.has(account)),
      };
    }
    const order = STRATEGIES[strategy](able, { request, boundTo: boundTo(request), active });
    return { strategy, accounts: order, skipped };
  };

  return {
    choose,
    served(request, accountId) {
      if (!request.bind) return;
      // A bound session does not draw new ones to its account.
      if (boundTo(request) !== accountId) active = accountId;
      if (request.sessionId === null) return;
      bindings.bind(request.sessionId, request.model ?? '', accountId, request.now);
    },
    boundSessions: (accountId) => bindings.sessionsOf(accountId),
    nextAccount(now): Account | null {
      const request = { model: null, sessionId: null, bind: false, now };
      return choose(request).accounts[0]?.account ?? null;
    },
    forget(accountId) {
      if (active === accountId) active = null;
      bindings.removeAccount(accountId);
    },
    flush: () => bindings.flush(),
  };
}
