import { createHash } from 'node:crypto';
import type { CooldownView } from '../../../shared/account.ts';
import type { RequestRecord } from '../../../shared/request-record.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { systemClock } from '../clock.ts';
import type {
  Account,
  AccountPool,
  Balancer,
  Classify,
  Credential,
  LimitBook,
  RoutingRequest,
  UsageTap,
  Verdict,
} from '../ports.ts';
import { createProxy, type ProxyDeps, type Proxy as RunningProxy } from './server.ts';

/** Literal neighbours for tests of the proxy: just enough of each to be looked at from outside. */

export const CLIENT_KEY = 'client-key-for-tests-0123456789';

export type TestAccount = { name: string; secret: string; kind?: Account['kind']; baseUrl: string };

/** What a test sees of the neighbours. */
export type Seen = {
  records: RequestRecord[];
  served: { request: RoutingRequest; accountId: string }[];
  chosen: RoutingRequest[];
  events: { code: string; message: string }[];
  audits: string[];
  rested: { accountId: string; verdict: Verdict }[];
  refused: string[];
  resources: Map<string, string>;
  inFlightByAccount: Map<string, number>;
  /** Resolves with the next record (or one already there beyond those taken). */
  nextRecord(): Promise<RequestRecord>;
};

export type TestProxy = {
  proxy: RunningProxy;
  port: number;
  url: string;
  keyUrl: string;
  seen: Seen;
  close(): Promise<void>;
};

export type TestOptions = {
  accounts: TestAccount[];
  settings?: Partial<Settings>;
  deps?: Partial<ProxyDeps>;
};

/** A listening proxy with literal neighbours. */
export async function startTestProxy(options: TestOptions): Promise<TestProxy> {
  const settings: Settings = { ...DEFAULT_SETTINGS, retryDelayMs: 1, ...options.settings };
  const accounts = options.accounts.map(toAccount);
  const seen = createSeen();
  const cooldowns = new Map<string, CooldownView>();
  const limits = fakeLimits(seen, cooldowns);
  const proxy = createProxy({
    settings: { current: () => settings, onChange: () => () => undefined },
    clock: systemClock,
    log: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (event, fields) => seen.audits.push(`${event} ${fields?.reason}`),
    },
    accounts: fakePool(accounts, options.accounts, seen),
    limits,
    balancer: fakeBalancer(accounts, limits, seen),
    classify: fakeClassify,
    createTap: (type) => (type === undefined ? null : fakeTap()),
    price: () => 1,
    keyring: fakeKeyring(),
    authLimiter: { allow: () => ({ ok: true, retryAfterMs: 0 }) },
    clientLimiter: { allow: () => ({ ok: true, retryAfterMs: 0 }) },
    recorder: { record: (record) => seen.records.push(record) },
    events: { add: (event) => seen.events.push(event) },
    audit: { write: (entry) => seen.audits.push(`${entry.action} ${entry.detail}`) },
    resources: {
      accountOf: (id) => seen.resources.get(id) ?? null,
      put: (id, accountId) => seen.resources.set(id, accountId),
    },
    ...options.deps,
  });
  const port = await proxy.listen(0);
  const url = `http://127.0.0.1:${port}`;
  return { proxy, port, url, keyUrl: `${url}/k/${CLIENT_KEY}`, seen, close: () => proxy.close() };
}

function toAccount({ name, kind, baseUrl }: TestAccount, index: number): Account {
  return {
    id: `id-${name}`,
    name,
    kind: kind ?? 'api-key',
    baseUrl,
    priority: index,
    paused: false,
    createdAt: 0,
  };
}

function createSeen(): Seen {
  let taken = 0;
  const seen: Seen = {
    records: [],
    served: [],
    chosen: [],
    events: [],
    audits: [],
    rested: [],
    refused: [],
    resources: new Map(),
    inFlightByAccount: new Map(),
    async nextRecord() {
      await until(() => seen.records.length > taken);
      taken += 1;
      const record = seen.records[taken - 1];
      if (record === undefined) throw new Error('no record');
      return record;
    },
  };
  return seen;
}

/** Polls until `done`, for at most five seconds. */
export async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!done()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function credentialOf({ kind, secret }: TestAccount): Credential {
  return kind === 'oauth'
    ? { header: 'authorization', value: `Bearer ${secret}`, version: 1 }
    : { header: 'x-api-key', value: secret, version: 1 };
}

function fakePool(accounts: Account[], specs: TestAccount[], seen: Seen): AccountPool {
  const spec = (id: string): TestAccount => {
    const found = specs[accounts.findIndex((account) => account.id === id)];
    if (found === undefined) throw new Error(`no account ${id}`);
    return found;
  };
  const count = (id: string, by: number): void => {
    seen.inFlightByAccount.set(id, (seen.inFlightByAccount.get(id) ?? 0) + by);
  };
  return {
    all: () => accounts,
    get: (id) => accounts.find((account) => account.id === id),
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

function fakeLimits(seen: Seen, cooldowns: Map<string, CooldownView>): LimitBook {
  return {
    observe: () => undefined,
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

function fakeBalancer(accounts: Account[], limits: LimitBook, seen: Seen): Balancer {
  const resting = (account: Account, now: number) => limits.blocking(account.id, null, now);
  return {
    choose(request) {
      seen.chosen.push(request);
      return {
        strategy: 'session',
        accounts: accounts
          .filter((account) => resting(account, request.now) === null)
          .map((account) => ({ account, reasonCode: 'priority', reason: 'first by priority' })),
        skipped: accounts.flatMap((account) => {
          const view = resting(account, request.now);
          return view === null
            ? []
            : [{ account, reasonCode: view.reasonCode, reason: view.reason, until: view.until }];
        }),
      };
    },
    served: (request, accountId) => void seen.served.push({ request, accountId }),
    boundSessions: () => 0,
    nextAccount: () => accounts[0] ?? null,
    forget: () => undefined,
  };
}

function fakeKeyring(): ProxyDeps['keyring'] {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const known = hash(CLIENT_KEY);
  return {
    identify: (presented) => (hash(presented) === known ? { keyId: 'key-1', keyName: 'tests' } : null),
    touched: () => undefined,
  };
}

/** A few rows of the classification, as plain as can be. */
const fakeClassify: Classify = (outcome, context) => {
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

function fakeTap(): UsageTap {
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
