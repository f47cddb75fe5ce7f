import { createHash } from 'node:crypto';
import type { CooldownView } from '../../../shared/account.ts';
import type { Classify, LimitBook } from '../limit-ports.ts';
import type { Account, AccountPool, Balancer, ClientKeyring, Credential } from '../ports.ts';
import type { UsageTap } from '../usage-ports.ts';
import { CLIENT_KEY, type Seen, type TestAccount } from './testing-seen.ts';

// Literal neighbours for tests of the proxy: just enough of each to be looked at from outside.

function credentialOf({ kind, secret, headerStyle }: TestAccount): Credential {
  return kind === 'oauth' || headerStyle === 'bearer'
    ? { header: 'authorization', value: `Bearer ${secret}`, version: 1 }
    : { header: 'x-api-key', value: secret, version: 1 };
}

/** The accounts of a test; the lists are replaced when they change, as the real pool does. */
export type TestPool = { accounts: readonly Account[]; specs: readonly TestAccount[] };

export function fakePool(world: TestPool, seen: Seen): AccountPool {
  const spec = (id: string): TestAccount => {
    const found = world.specs[world.accounts.findIndex((account) => account.id === id)];
    if (found === undefined) throw new Error(`no account ${id}`);
    return found;
  };
  const count = (id: string, by: number): void => {
    const running = (seen.inFlightByAccount.get(id) ?? 0) + by;
    seen.inFlightByAccount.set(id, running);
    seen.mostInFlight.set(id, Math.max(running, seen.mostInFlight.get(id) ?? 0));
  };
  return {
    all: () => world.accounts,
    get: (id) => world.accounts.find((account) => account.id === id),
    sharing: (id) => [id],
    credentialNow: (id) => credentialOf(spec(id)),
    credential: (id) => Promise.resolve({ ok: true, credential: credentialOf(spec(id)) }),
    credentialRefused(id) {
      seen.refused.push(id);
      const { kind, secret } = spec(id);
      return Promise.resolve(
        kind === 'oauth'
          ? { ok: true, credential: credentialOf({ ...spec(id), secret: `${secret}-fresh` }) }
          : { ok: false, problem: { definitive: true, reason: 'the key was refused' } },
      );
    },
    problem: () => null,
    started: (id) => count(id, 1),
    finished: (id) => count(id, -1),
    inFlight: (id) => seen.inFlightByAccount.get(id) ?? 0,
    sawOrganization: () => undefined,
    touched: () => undefined,
  };
}

export function fakeLimits(seen: Seen, cooldowns: Map<string, CooldownView>): LimitBook {
  return {
    observe: () => undefined,
    learn: () => undefined,
    tryNow: () => undefined,
    served: () => undefined,
    rest(accountId, verdict, now) {
      seen.rested.push({ accountId, verdict });
      const { bucket = '*', until: end = null } = verdict.cooldown ?? {};
      cooldowns.set(accountId, {
        bucket,
        reasonCode: verdict.code,
        reason: verdict.reason,
        startedAt: now,
        until: end,
        evidence: [],
        probing: false,
      });
    },
    blocking: (accountId) => cooldowns.get(accountId) ?? null,
    cooldowns: (accountId) => [cooldowns.get(accountId)].filter((view) => view !== undefined),
    readings: () => [],
    needsAttention: () => false,
    clear: (accountId) => void cooldowns.delete(accountId),
    forget: () => undefined,
    onChange: () => () => undefined,
  };
}

export function fakeBalancer(world: TestPool, limits: LimitBook, seen: Seen): Balancer {
  const resting = (account: Account, now: number) => limits.blocking(account.id, null, now);
  return {
    choose(request) {
      seen.chosen.push(request);
      return {
        strategy: 'session',
        accounts: world.accounts
          .filter((account) => resting(account, request.now) === null)
          .map((account) => ({ account, reasonCode: 'priority', reason: 'first by priority' })),
        skipped: world.accounts.flatMap((account) => {
          const view = resting(account, request.now);
          return view === null
            ? []
            : [{ account, reasonCode: view.reasonCode, reason: view.reason, until: view.until }];
        }),
      };
    },
    served: (request, accountId) => void seen.served.push({ request, accountId }),
    boundSessions: () => 0,
    nextAccount: () => world.accounts[0] ?? null,
    fallback: () => null,
    move: () => undefined,
    release: () => undefined,
    bindings: () => [],
    forget: () => undefined,
  };
}

export function fakeKeyring(): ClientKeyring {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const known = hash(CLIENT_KEY);
  return {
    identify: (presented) => (hash(presented) === known ? { keyId: 'key-1', keyName: 'tests' } : null),
    touched: () => undefined,
  };
}

/** A few rows of the classification, as plain as can be. */
export const fakeClassify: Classify = (outcome, context) => {
  const mayRetry = context.retriesHere < context.settings.retryAttempts;
  if (outcome.kind === 'network') {
    return {
      scope: 'upstream',
      action: mayRetry ? 'retry-here' : 'stop',
      code: outcome.error === 'head-timeout' ? 'head_timeout' : 'connect_error',
      reason: `lost (${outcome.error})`,
      waitMs: 1,
    };
  }
  if (outcome.status === 401) {
    const action = context.refreshedHere ? 'next-account' : 'refresh-credential';
    return {
      scope: 'account',
      action,
      code: 'auth_refused',
      reason: 'credential refused',
      hideFromClient: true,
    };
  }
  if (outcome.status === 429) {
    const reset = Number(outcome.headers.get('retry-after') ?? 0) * 1000;
    return {
      scope: 'account',
      action: 'next-account',
      code: 'quota_rejected',
      reason: 'limit reached',
      cooldown: { bucket: '*', until: context.now + reset, evidence: [] },
    };
  }
  if (outcome.status >= 500) {
    return {
      scope: 'upstream',
      action: mayRetry ? 'retry-here' : 'deliver',
      code: 'overloaded',
      reason: 'overloaded',
      waitMs: 1,
    };
  }
  return {
    scope: 'none',
    action: 'deliver',
    code: outcome.status < 400 ? 'ok' : 'invalid_request',
    reason: 'fine',
  };
};

export function fakeTap(): UsageTap {
  let bytes = 0;
  return {
    write(chunk) {
      bytes += chunk.length;
    },
    end: () => ({
      usage: null,
      servedModel: null,
      stopReason: `read ${bytes}`,
      errorType: null,
      ended: true,
    }),
  };
}
