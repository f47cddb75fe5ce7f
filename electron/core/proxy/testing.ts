import type { CooldownView } from '../../../shared/account.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { createAdmissionGate } from '../balancing/admission-gate.ts';
import { createSessionBoard } from '../balancing/session-board.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Account, AccountPool } from '../ports.ts';
import type { SpendBook } from '../routing-ports.ts';
import { createProxy, type ProxyDeps, type Proxy as RunningProxy } from './server.ts';
import {
  fakeBalancer,
  fakeClassify,
  fakeKeyring,
  fakeLimits,
  fakePool,
  fakeTap,
  type TestPool,
} from './testing-neighbours.ts';
import { CLIENT_KEY, createSeen, type Seen, type TestAccount } from './testing-seen.ts';

export type TestProxy = {
  proxy: RunningProxy;
  port: number;
  url: string;
  keyUrl: string;
  seen: Seen;
  pool: AccountPool;
  close(): Promise<void>;
  /** Gives every account another address. */
  moveAccounts(baseUrl: string): void;
  /** Puts accounts in the place of those there are. */
  setAccounts(specs: TestAccount[]): void;
};

export type TestOptions = {
  accounts: TestAccount[];
  settings?: Partial<Settings>;
  deps?: Partial<ProxyDeps>;
  /** Real rooms in the place of the literal ones, made from what they need. */
  rooms?: (given: RoomsGiven) => Partial<ProxyDeps>;
};

/** What rooms of a test are made from. */
export type RoomsGiven = { settings: Settings; clock: Clock; accounts: AccountPool };

/** A listening proxy with literal neighbours. */
export async function startTestProxy(options: TestOptions): Promise<TestProxy> {
  const settings: Settings = { ...DEFAULT_SETTINGS, retryDelayMs: 1, ...options.settings };
  const world: TestPool = { accounts: options.accounts.map(toAccount), specs: options.accounts };
  const seen = createSeen();
  const clock = options.deps?.clock ?? systemClock;
  const accounts = fakePool(world, seen);
  const limits = fakeLimits(seen, new Map<string, CooldownView>());
  const deps: ProxyDeps = {
    settings: { current: () => settings, onChange: () => () => undefined },
    clock,
    log: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (event, fields) => seen.audits.push(`${event} ${fields?.reason}`),
    },
    accounts,
    limits,
    balancer: fakeBalancer(world, limits, seen),
    classify: fakeClassify,
    gate: createAdmissionGate(clock),
    board: createSessionBoard({
      bindings: () => [],
      accounts,
      pins: { pinnedTo: () => null, sessions: () => [] },
      price: () => 1,
      settings: () => settings,
    }),
    spend: fakeSpend(),
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
    ...options.rooms?.({ settings, clock, accounts }),
    ...options.deps,
  };
  const proxy = createProxy(deps);
  const port = await proxy.listen(0);
  const url = `http://127.0.0.1:${port}`;
  return {
    proxy,
    port,
    url,
    keyUrl: `${url}/k/${CLIENT_KEY}`,
    seen,
    pool: accounts,
    close: () => proxy.close(),
    moveAccounts(baseUrl) {
      world.accounts = world.accounts.map((account) => ({ ...account, baseUrl }));
    },
    setAccounts(specs) {
      world.accounts = specs.map(toAccount);
      world.specs = specs;
    },
  };
}

/** Sums in memory. */
function fakeSpend(): SpendBook {
  const all = new Map<string, number>();
  const overage = new Map<string, number>();
  const add = (sums: Map<string, number>, id: string, cost: number): void => {
    sums.set(id, (sums.get(id) ?? 0) + cost);
  };
  return {
    note(id, cost, paidOverage) {
      add(all, id, cost);
      if (paidOverage) add(overage, id, cost);
    },
    spent: (id) => all.get(id) ?? 0,
    overage: (id) => overage.get(id) ?? 0,
    flush: () => undefined,
  };
}

function toAccount(
  { name, kind, baseUrl, headerStyle, modelMap, paused }: TestAccount,
  index: number,
): Account {
  return {
    id: `id-${name}`,
    name,
    kind: kind ?? 'api-key',
    baseUrl,
    priority: index,
    paused: paused ?? false,
    createdAt: 0,
    headerStyle: headerStyle ?? 'x-api-key',
    modelMap: modelMap ?? {},
  };
}
