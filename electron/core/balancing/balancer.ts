import type { Clock } from '../clock.ts';
import type { LimitBook } from '../limit-ports.ts';
import { askedOf } from '../limits/buckets.ts';
import type {
  Account,
  AccountPool,
  Balancer,
  PlannedAccount,
  RoutingRequest,
  SettingsSource,
} from '../ports.ts';
import type { SessionPins } from '../routing-ports.ts';
import type { BindingStore } from '../store-ports.ts';
import { makePlan } from './planner.ts';
import { SessionBindings } from './session-bindings.ts';
import { setAside } from './set-aside.ts';
import { sortAccounts, whyAside } from './sort-accounts.ts';
import { createWindowUse } from './window-use.ts';
import { sentTo, type Wish, wishFor } from './wishes.ts';

/** What the balancer is made from. */
type BalancerDeps = {
  settings: SettingsSource;
  accounts: AccountPool;
  limits: LimitBook;
  bindings: BindingStore;
  pins: Pick<SessionPins, 'pinnedTo'>;
  clock: Clock;
  /** Whether requests of some client key may go to the account that is set aside; by default none may. */
  keysFallBack?: () => boolean;
};

const noKey = (): boolean => false;

/** Binding of a session for models that have none of their own, made when the user moves it. */
const ANY_MODEL = '';

/** Chooses accounts per request and remembers which session is where; `flush` writes the bindings that wait. */
export function createBalancer(deps: BalancerDeps): Balancer & { flush(): void } {
  const { settings, accounts, limits, clock, keysFallBack = noKey } = deps;
  const bindings = new SessionBindings(deps.bindings, clock, () => settings.current().sessionDurationMs);
  const windowUse = createWindowUse();
  let active = bindings.newest();
  let turn = 0;

  const boundTo = ({ sessionId, model }: RoutingRequest): string | null =>
    sessionId === null
      ? null
      : (bindings.accountOf(sessionId, model ?? ANY_MODEL) ?? bindings.accountOf(sessionId, ANY_MODEL));

  const choose: Balancer['choose'] = (request) => {
    const { model, now } = request;
    const current = settings.current();
    const reserved = setAside(current, keysFallBack);
    const wish = wishOf(deps, request);
    return makePlan({
      request,
      settings: current,
      sorted: sortAccounts(accounts, limits, {
        asked: askedOf(request),
        now,
        reserved: wish?.accountId === reserved ? null : reserved,
      }),
      wish,
      boundTo: boundTo(request),
      context: {
        active,
        turn,
        sessions: (accountId) => bindings.sessionsOf(accountId),
      },
      use: ({ id }) => windowUse(id, limits.readings(id), model, now),
    });
  };

  return {
    choose,
    served(request, accountId) {
      if (!request.bind) return;
      // A bound session does not draw new ones to its account.
      if (boundTo(request) !== accountId && !sentTo(accountId, wishOf(deps, request))) {
        active = accountId;
        turn += 1;
      }
      if (request.sessionId === null) return;
      bindings.bind(request.sessionId, request.model ?? ANY_MODEL, accountId, request.now);
    },
    boundSessions: (accountId) => bindings.sessionsOf(accountId),
    nextAccount(now): Account | null {
      const request = { model: null, sessionId: null, bind: false, now };
      return choose(request).accounts[0]?.account ?? null;
    },
    fallback(request): PlannedAccount | null {
      const { fallbackAccountId, fallbackConsent } = settings.current();
      const account = fallbackConsent ? accounts.get(fallbackAccountId ?? '') : undefined;
      if (account === undefined) return null;
      if (whyAside(account, accounts, limits, askedOf(request), request.now) !== null) return null;
      return {
        account,
        reasonCode: 'paid_fallback',
        reason: 'No other account can serve; you set this aside.',
      };
    },
    move(sessionId, accountId) {
      bindings.move(sessionId, accountId, clock.now());
    },
    release: (sessionId) => bindings.release(sessionId),
    bindings: () => bindings.rows(),
    forget(accountId) {
      if (active === accountId) active = null;
      bindings.removeAccount(accountId);
    },
    flush: () => bindings.flush(),
  };
}

function wishOf({ settings, pins, accounts }: BalancerDeps, request: RoutingRequest): Wish | null {
  const pinnedTo = request.sessionId === null ? null : pins.pinnedTo(request.sessionId);
  return wishFor(request, settings.current(), pinnedTo, accounts.all());
}
