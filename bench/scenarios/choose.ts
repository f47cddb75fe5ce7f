import { createBalancer } from '../../electron/core/balancing/balancer.ts';
import { systemClock } from '../../electron/core/clock.ts';
import type { LimitBook } from '../../electron/core/limit-ports.ts';
import { createLimitBook } from '../../electron/core/limits/limit-book.ts';
import { shareLimits } from '../../electron/core/limits/shared-limits.ts';
import type { Account, AccountPool, Balancer, Logger } from '../../electron/core/ports.ts';
import type { BindingRow } from '../../electron/core/store-ports.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { median } from '../measure.ts';

const ACCOUNTS = 50;
const SESSIONS = 10_000;
const MODEL = 'claude-opus-5-5';
const HOUR_MS = 3_600_000;

/** Microseconds that one choice takes, median of the batches. */
export type ChooseResult = {
  /** For a session that is bound to an account. */
  readonly bound: number;
  /** For a new one. */
  readonly placed: number;
  /** For a new one while the limits of an account change with every answer. */
  readonly changing: number;
};

/**
 * What it costs to choose among 50 subscriptions, of which five rest and all have readings of three windows, while
 * 10,000 sessions are bound.
 */
export function choosing(batches: number): ChooseResult {
  const accounts = Array.from({ length: ACCOUNTS }, (_, n) => accountOf(n));
  const pool = poolOf(accounts);
  const book = createLimitBook({ store: NO_STORE, clock: systemClock, log: SILENT });
  const limits = shareLimits(book, pool.sharing);
  accounts.forEach(({ id }, n) => {
    hear(limits, id, n / 100);
    if (n % 10 === 9) limits.rest(id, SPENT, Date.now());
  });
  const balancer = createBalancer({
    settings: { current: () => DEFAULT_SETTINGS, onChange: () => () => undefined },
    accounts: pool,
    limits,
    bindings: boundTo(accounts),
    pins: { pinnedTo: () => null },
    clock: systemClock,
  });
  let used = 0;
  return {
    bound: time(batches, (n) => choose(balancer, `session-${n % SESSIONS}`)),
    placed: time(batches, (n) => choose(balancer, `new-${n}`)),
    changing: time(
      batches,
      (n) => choose(balancer, `new-${n}`),
      () => {
        used = (used + 1e-5) % 0.9;
        hear(limits, 'account-0', used);
      },
    ),
  };
}

const BATCH = 500;

/** Median over the batches of the time of one call, microseconds; the first batches only warm up. `before` is not timed. */
function time(batches: number, call: (n: number) => void, before: () => void = quiet): number {
  const perCall: number[] = [];
  for (let batch = -5; batch < batches; batch += 1) {
    let ms = 0;
    for (let n = 0; n < BATCH; n += 1) {
      before();
      const began = performance.now();
      call((batch + 5) * BATCH + n);
      ms += performance.now() - began;
    }
    if (batch >= 0) perCall.push((ms * 1000) / BATCH);
  }
  return median(perCall);
}

function choose(balancer: Balancer, sessionId: string): void {
  const plan = balancer.choose({ model: MODEL, sessionId, bind: true, now: Date.now() });
  if (plan.accounts.length === 0) throw new Error('nobody was chosen');
}

/** Takes the headers of an answer into the book. */
function hear(limits: LimitBook, id: string, used: number): void {
  const fields = new Map<string, string>([['anthropic-ratelimit-unified-status', 'allowed']]);
  for (const [window, hours] of Object.entries({ '5h': 5, '7d': 168, '7d_opus': 168 })) {
    const prefix = `anthropic-ratelimit-unified-${window}`;
    fields.set(`${prefix}-status`, 'allowed');
    fields.set(`${prefix}-utilization`, used.toFixed(5));
    fields.set(`${prefix}-reset`, String(Math.round((STARTED + hours * HOUR_MS) / 1000)));
  }
  limits.observe(id, { get: (name) => fields.get(name), entries: () => fields.entries() }, Date.now());
}

const STARTED = Date.now();

const SPENT = {
  scope: 'account',
  action: 'next-account',
  code: 'quota_rejected',
  reason: '5-hour window spent',
  cooldown: { bucket: '*', until: STARTED + 5 * HOUR_MS, evidence: ['status 429'] },
} as const;

function accountOf(n: number): Account {
  return {
    id: `account-${n}`,
    name: `Account ${n}`,
    kind: 'oauth',
    baseUrl: 'https://api.anthropic.com',
    priority: 0,
    paused: false,
    createdAt: n,
    headerStyle: 'x-api-key',
    modelMap: {},
  };
}

function boundTo(accounts: readonly Account[]) {
  const rows = Array.from(
    { length: SESSIONS },
    (_, n): BindingRow => ({
      sessionId: `session-${n}`,
      model: MODEL,
      accountId: accounts[n % accounts.length]?.id ?? '',
      boundAt: STARTED,
      lastUsedAt: STARTED,
    }),
  );
  const nothing = (): void => undefined;
  return { list: () => rows, put: nothing, removeSession: nothing, removeAccount: nothing, prune: nothing };
}

function poolOf(accounts: readonly Account[]): AccountPool {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const unused = (): never => {
    throw new Error('choosing does not need this');
  };
  const alone = new Map(accounts.map(({ id }) => [id, [id]]));
  return {
    all: () => accounts,
    get: (id) => byId.get(id),
    problem: () => null,
    inFlight: () => 0,
    sharing: (id) => alone.get(id) ?? [id],
    credentialNow: unused,
    credential: unused,
    credentialRefused: unused,
    started: unused,
    finished: unused,
    sawOrganization: unused,
    touched: unused,
  };
}

const quiet = (): void => undefined;
const SILENT: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const NO_STORE = {
  cooldowns: () => [],
  readings: () => [],
  putCooldown: quiet,
  removeCooldown: quiet,
  putReadings: quiet,
  removeAccount: quiet,
};
