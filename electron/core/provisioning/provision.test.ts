import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccountsBench } from '../accounts/testing.ts';
import { AppError } from '../errors.ts';
import { createClientKeys } from '../security/client-keys.ts';
import { createSettings } from '../settings/settings.ts';
import type { ClientKeyRow } from '../store-ports.ts';
import { applyProvision, parseProvision, readProvision } from './provision.ts';

const KEY = 'sk-ant-api03-the-provisioned-key-abcdef';
const ACCESS = 'sk-ant-oat01-the-provisioned-access';
const REFRESH = 'sk-ant-ort01-the-provisioned-refresh';
const CLIENT = 'client-key-of-the-laptop';
const ENV = { WORK_KEY: KEY, A: ACCESS, R: REFRESH, CCFLARE_CLIENT_KEY: CLIENT };

const FILE = {
  settings: { theme: 'dark' },
  clientKeys: [{ name: 'laptop', key: 'env:CCFLARE_CLIENT_KEY' }],
  accounts: [
    {
      name: 'work',
      kind: 'api-key',
      apiKey: 'env:WORK_KEY',
      baseUrl: 'https://api.anthropic.com',
      priority: 0,
      paused: false,
    },
    { name: 'max', kind: 'oauth', accessToken: 'env:A', refreshToken: 'env:R', expiresAt: 1_890_000_000_000 },
  ],
};

let folder: string;
let bench: ReturnType<typeof createAccountsBench>;
let targets: Parameters<typeof applyProvision>[1];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ccflare-provision-'));
  bench = createAccountsBench({ refresh: () => Promise.reject(new Error('not expected')) });
  const { deps, accounts } = bench;
  const keys = new Map<string, ClientKeyRow>();
  const clientKeys = createClientKeys({
    ...deps,
    store: {
      list: () => [...keys.values()],
      insert: (row) => void keys.set(row.id, row),
      update: (id, change) => void keys.set(id, { ...keys.get(id)!, ...change }),
    },
  });
  const rows = new Map<string, string>();
  const store = {
    list: () => rows,
    put: (more: ReadonlyMap<string, string>) => {
      for (const [key, text] of more) rows.set(key, text);
    },
  };
  targets = {
    accounts,
    clientKeys,
    settings: createSettings({ store, env: {}, log: deps.log }),
    audit: deps.audit,
  };
});

afterEach(() => rmSync(folder, { recursive: true }));

const apply = (file: unknown = FILE, env: Record<string, string> = ENV) =>
  applyProvision(parseProvision(file, env), targets);
const row = (name: string) =>
  [...bench.rows.values()].find((candidate) => candidate.name.toLowerCase() === name)!;
const edited = (index: number, change: object) => ({
  accounts: FILE.accounts.map((account, i) => (i === index ? { ...account, ...change } : account)),
});

/** The error, after a look that no secret is in it. */
function failure(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    for (const secret of [KEY, ACCESS, REFRESH, CLIENT]) expect(error.message).not.toContain(secret);
    return error;
  }
  throw new Error('nothing was thrown');
}

test('makes what the file says, once: the second time nothing is written and nothing put on record', () => {
  expect(apply()).toEqual({ changed: 4 });
  expect(bench.accounts.pool.all()).toMatchObject([
    { name: 'work', kind: 'api-key', priority: 0 },
    { name: 'max', kind: 'oauth', priority: 0, baseUrl: 'https://api.anthropic.com' },
  ]);
  expect(bench.accounts.pool.credentialNow(row('max').id)?.value).toBe(`Bearer ${ACCESS}`);
  expect(targets.settings.current()).toMatchObject({ theme: 'dark' });
  const before = JSON.stringify([[...bench.rows], bench.audits, bench.steps]);
  expect(bench.audits.every(({ actor }) => actor === 'provision')).toBe(true);
  expect(apply()).toEqual({ changed: 0 });
  expect(JSON.stringify([[...bench.rows], bench.audits, bench.steps])).toBe(before);
  for (const secret of [KEY, ACCESS, REFRESH, CLIENT]) expect(bench.words()).not.toContain(secret);
});

test('names match without regard to case; only what differs is written', () => {
  apply();
  bench.steps.length = 0;
  expect(apply(edited(0, { name: 'WORK', priority: 7, apiKey: `${KEY}2` }))).toEqual({ changed: 1 });
  expect(bench.rows.size).toBe(2);
  expect(row('work').priority).toBe(7);
  expect(bench.accounts.pool.credentialNow(row('work').id)?.value).toBe(`${KEY}2`);
  expect(bench.steps).toHaveLength(2);
});

test('a login that was renewed since is not set back; a new one from the file is taken', () => {
  apply();
  const { id, refreshToken } = row('max');
  bench.store.rotateTokens(id, refreshToken!, {
    accessToken: bench.vault.seal('rotated', id, 'accounts.access_token'),
    refreshToken: bench.vault.seal('rotated-refresh', id, 'accounts.refresh_token'),
    expiresAt: 1_890_000_000_000,
    lastRefreshAt: 1,
  });
  bench.accounts.load();
  expect(apply()).toEqual({ changed: 0 });
  expect(bench.accounts.pool.credentialNow(id)?.value).toBe('Bearer rotated');
  expect(apply(edited(1, { accessToken: 'new-access-token', refreshToken: 'new-refresh-token' }))).toEqual({
    changed: 1,
  });
  expect(bench.accounts.pool.credentialNow(id)?.value).toBe('Bearer new-access-token');
});

test('a login that a person has put in the place of the file’s is not set back at the next start', async () => {
  apply();
  const { id } = row('max');
  const tokens = {
    accessToken: 'signed-in',
    refreshToken: 'signed-in-refresh',
    expiresAt: 1_890_000_000_000,
  };
  const nobody = { accountId: null, email: null, organizationId: null, organizationName: null, plan: null };
  bench.accounts.signIn.replaceLogin(id, { tokens, identity: nobody }, 'dashboard');
  expect(apply()).toEqual({ changed: 0 });
  expect(bench.accounts.pool.credentialNow(id)?.value).toBe('Bearer signed-in');
  const pasted = { name: 'max', token: 'sk-ant-oat01-pasted', consent: true, accountId: id };
  await bench.accounts.addSetupToken(pasted, 'dashboard', () => Promise.resolve('ok'));
  expect(apply()).toEqual({ changed: 0 });
  expect(bench.accounts.pool.credentialNow(id)?.value).toBe('Bearer sk-ant-oat01-pasted');
  expect(
    apply(edited(1, { accessToken: 'newer-access-token', refreshToken: 'newer-refresh-token' })),
  ).toEqual({ changed: 1 });
  expect(bench.accounts.pool.credentialNow(id)?.value).toBe('Bearer newer-access-token');
});

test('secrets that cannot be read any more come back from the file', () => {
  apply();
  for (const stored of bench.rows.values()) {
    const broken = { keyId: 'lost', bytes: Buffer.from('x') };
    const key = stored.kind === 'api-key';
    bench.rows.set(stored.id, key ? { ...stored, apiKey: broken } : { ...stored, refreshToken: broken });
  }
  bench.accounts.load();
  expect(apply()).toEqual({ changed: 2 });
  expect(bench.accounts.pool.problem(row('work').id)).toBeNull();
});

test('a name that belongs to the other kind is refused', () => {
  apply();
  const accounts = [{ name: 'max', kind: 'api-key', apiKey: KEY }];
  expect(failure(() => apply({ accounts })).code).toBe('conflict');
});

test('seconds are understood as the end of a token', () => {
  apply(edited(1, { expiresAt: 1_890_000_000 }));
  expect(row('max').expiresAt).toBe(1_890_000_000_000);
});

test('a gateway gets its header and its model names, and they change only where the file says so', () => {
  const modelMap = { 'claude-opus-5-5': 'vendor/opus' };
  apply(edited(0, { headerStyle: 'bearer', modelMap, baseUrl: 'https://gateway.example/' }));
  expect(row('work')).toMatchObject({ headerStyle: 'bearer', modelMap, baseUrl: 'https://gateway.example' });
  expect(bench.accounts.pool.credentialNow(row('work').id)).toMatchObject({
    header: 'authorization',
    value: `Bearer ${KEY}`,
  });
  expect(apply({ accounts: [{ name: 'work', kind: 'api-key', apiKey: KEY }] })).toEqual({ changed: 0 });
  expect(apply({ accounts: [{ name: 'work', kind: 'api-key', apiKey: KEY, modelMap: {} }] })).toEqual({
    changed: 1,
  });
  expect(row('work')).toMatchObject({ headerStyle: 'bearer', modelMap: {} });
});

test('a login without refresh token is a long-lived one, with or without a known end', () => {
  const token = { name: 'ci', kind: 'oauth', accessToken: ACCESS };
  expect(apply({ accounts: [token] })).toEqual({ changed: 1 });
  expect(apply({ accounts: [token] })).toEqual({ changed: 0 });
  expect(row('ci')).toMatchObject({ refreshToken: null, expiresAt: null, consentAt: null });
  expect(bench.accounts.pool.credentialNow(row('ci').id)?.value).toBe(`Bearer ${ACCESS}`);
  expect(bench.accounts.detail(row('ci').id).token).toMatchObject({ renewable: false, expiresAt: null });
  const other = { ...token, accessToken: `${ACCESS}-2`, expiresAt: 1_890_000_000 };
  expect(apply({ accounts: [other] })).toEqual({ changed: 1 });
  expect(row('ci').expiresAt).toBe(1_890_000_000_000);
});

test('a variable that is not set is named with its place', () => {
  const error = failure(() => apply(FILE, { ...ENV, R: '' }));
  expect(error.code).toBe('file_invalid');
  expect(error.message).toContain('accounts[1].refreshToken');
  expect(error.message).toContain('variable R ');
});

test.each([
  [edited(0, { apiKey: `${KEY} with spaces` }), 'accounts[0].apiKey'],
  [edited(0, { kind: KEY }), 'accounts[0].kind'],
  [edited(0, { [KEY]: true }), 'accounts[0]'],
  [edited(0, { baseUrl: `http://${KEY}.example` }), 'accounts[0].baseUrl'],
  [edited(1, { expiresAt: ACCESS }), 'accounts[1].expiresAt'],
  [edited(1, { expiresAt: undefined }), 'accounts[1].expiresAt'],
  [edited(0, { headerStyle: KEY }), 'accounts[0].headerStyle'],
  [edited(0, { modelMap: { a: '' } }), 'accounts[0].modelMap.a'],
  [edited(1, { headerStyle: 'bearer' }), 'accounts[1]'],
  [edited(1, { name: 'Work' }), 'accounts[1].name'],
  [{ settings: { theme: KEY } }, 'settings.theme'],
  [{ settings: { port: 70_000 } }, 'settings.port'],
  [{ clientKeys: [{ name: 'laptop', key: 'short' }] }, 'clientKeys[0].key'],
  [KEY, 'top level'],
  [null, 'top level'],
])('a mistake is named by its place, without what stands there (%#)', (file, place) => {
  const error = failure(() => parseProvision(file, ENV));
  expect(error.code).toBe('file_invalid');
  expect(error.message).toContain(place);
});

test('any JSON at all is either a provision or file_invalid', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        parseProvision(value, {});
      } catch (error) {
        expect(error).toMatchObject({ code: 'file_invalid' });
      }
    }),
  );
});

test('a file is read from disk; none, and one that is not JSON, are said without its text', () => {
  const file = join(folder, 'provision.json');
  expect(failure(() => readProvision(file, ENV)).code).toBe('file_unreadable');
  writeFileSync(file, `{ "accounts": "${KEY}`);
  expect(failure(() => readProvision(file, ENV)).code).toBe('file_invalid');
  expect(failure(() => readProvision(folder, ENV)).code).toBe('file_unreadable');
  writeFileSync(file, `\uFEFF${JSON.stringify(FILE)}`);
  expect(readProvision(file, ENV).accounts).toHaveLength(2);
});
