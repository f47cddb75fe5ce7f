import type { CooldownView } from '../../../shared/account.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { systemClock } from '../clock.ts';
import type { Account } from '../ports.ts';
import { createProxy, type ProxyDeps, type Proxy as RunningProxy } from './server.ts';
import {
  fakeBalancer,
  fakeClassify,
  fakeKeyring,
  fakeLimits,
  fakePool,
  fakeTap,
} from './testing-neighbours.ts';
import { CLIENT_KEY, createSeen, type Seen, type TestAccount } from './testing-seen.ts';

export type TestProxy = {
  proxy: RunningProxy;
  port: number;
  url: string;
  keyUrl: string;
  seen: Seen;
  close(): Promise<void>;
  /** Gives every account another address. */
  moveAccounts(baseUrl: string): void;
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
  const moveAccounts = (baseUrl: string): void => {
    accounts.forEach((account, i) => {
      accounts[i] = { ...account, baseUrl };
    });
  };
  return {
    proxy,
    port,
    url,
    keyUrl: `${url}/k/${CLIENT_KEY}`,
    seen,
    close: () => proxy.close(),
    moveAccounts,
  };
}

function toAccount({ name, kind, baseUrl, headerStyle, modelMap }: TestAccount, index: number): Account {
  return {
    id: `id-${name}`,
    name,
    kind: kind ?? 'api-key',
    baseUrl,
    priority: index,
    paused: false,
    createdAt: 0,
    headerStyle: headerStyle ?? 'x-api-key',
    modelMap: modelMap ?? {},
  };
}
