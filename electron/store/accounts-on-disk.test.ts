import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAccounts } from '../core/accounts/accounts.ts';
import type { TokenAnswer } from '../core/oauth/token-client.ts';
import { createAudit } from '../core/security/audit.ts';
import { createEventLog } from '../core/security/event-log.ts';
import { createVault } from '../core/security/vault.ts';
import { createSettings } from '../core/settings/settings.ts';
import type { EngineStore } from '../core/store-ports.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { openEngineStore } from './engine-store.ts';

const TOKEN = 'sk-ant-oat01-SECRET-long-lived-0123456789';
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const dataKey = randomBytes(32);

let folder = '';
let store: EngineStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'accounts-on-disk-'));
  store = openEngineStore(folder);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A start of the accounts over the real file. */
function start(answer: TokenAnswer | null = null) {
  const clock = createFakeClock();
  const vault = createVault();
  vault.load({ currentId: 'k', byId: new Map([['k', dataKey]]) });
  const onChange = () => {};
  const accounts = createAccounts({
    store: store.accounts,
    transaction: store.transaction,
    settings: createSettings({ store: store.settings, env: {}, log }),
    vault,
    clock,
    log,
    tokens: { refresh: () => (answer ? Promise.resolve(answer) : Promise.reject(new Error('not expected'))) },
    api: { profile: () => Promise.resolve({ kind: 'scope-missing' }) },
    audit: createAudit(store.audit, clock),
    events: createEventLog(clock, onChange),
    onChange,
  });
  accounts.load();
  return { accounts, clock };
}

const identity = {
  accountId: 'person',
  email: 'me@example.org',
  organizationId: 'org',
  organizationName: 'Home',
  plan: 'Pro',
};
const login = (expiresAt: number) => ({
  name: 'me',
  baseUrl: 'https://api.anthropic.com',
  tokens: { accessToken: 'SECRET-access-0', refreshToken: 'SECRET-refresh-0', expiresAt },
  identity,
});

/** Lets another program change the file, and puts it back. */
function withoutAudit(work: () => void): void {
  const db = new Database(join(folder, 'ccflare.db'));
  db.exec('ALTER TABLE audit RENAME TO audit_away');
  try {
    work();
  } finally {
    db.exec('ALTER TABLE audit_away RENAME TO audit');
    db.close();
  }
}

const bytesOnDisk = () => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

it('a login and its consent are stored and on record together, and are there after a restart', () => {
  const { accounts, clock } = start();
  const { id } = accounts.signIn.addLogin(login(clock.now() + 3_600_000), 'dashboard');
  const again = start().accounts;
  expect(again.signIn.existing(id)).toEqual({ name: 'me', kind: 'oauth', identity });
  expect(again.pool.credentialNow(id)?.value).toBe('Bearer SECRET-access-0');
  expect(store.audit.list(null, 9).map(({ action }) => action)).toEqual(['account.consent', 'account.add']);
});

it('what cannot be put on record does not happen, on disk and in memory', () => {
  const { accounts, clock } = start();
  withoutAudit(() => expect(() => accounts.signIn.addLogin(login(clock.now()), 'dashboard')).toThrow());
  expect(store.accounts.list()).toEqual([]);
  expect(accounts.pool.all()).toEqual([]);
  const { id } = accounts.add({ name: 'me', apiKey: 'SECRET-first-key' }, 'dashboard');
  withoutAudit(() => {
    expect(() => accounts.replaceKey({ id, apiKey: 'SECRET-second-key' }, 'dashboard')).toThrow();
    expect(() => accounts.rename({ id, name: 'other' }, 'dashboard')).toThrow();
  });
  expect(accounts.pool.get(id)?.name).toBe('me');
  expect(accounts.pool.credentialNow(id)?.value).toBe('SECRET-first-key');
  expect(start().accounts.pool.credentialNow(id)?.value).toBe('SECRET-first-key');
});

it('renewed tokens are on disk when the request gets them', async () => {
  const answer = {
    ok: true,
    accessToken: 'SECRET-access-1',
    refreshToken: null,
    expiresInSeconds: 60,
  } as const;
  const { accounts, clock } = start(answer);
  const { id } = accounts.signIn.addLogin(login(clock.now()), 'dashboard');
  expect(await accounts.pool.credential(id)).toMatchObject({ ok: true });
  expect(start().accounts.pool.credentialNow(id)?.value).toBe('Bearer SECRET-access-1');
  expect(store.audit.list(null, 1)).toMatchObject([{ action: 'account.token_refreshed', outcome: 'ok' }]);
});

it('attack: reading every byte of the files finds no pasted token, nor its ciphertext after the removal', async () => {
  const { accounts } = start();
  const given = { name: 'ci', token: TOKEN, consent: true };
  const { id } = await accounts.addSetupToken(given, 'dashboard', () => Promise.resolve('ok'));
  const sealed = Buffer.from(store.accounts.list()[0]!.accessToken!.bytes);
  expect(bytesOnDisk().includes(sealed)).toBe(true);
  accounts.remove({ id }, 'dashboard');
  expect(bytesOnDisk().includes(sealed)).toBe(false);
  expect(bytesOnDisk().includes('SECRET')).toBe(false);
  store.close();
  expect(bytesOnDisk().includes(sealed)).toBe(false);
  store = openEngineStore(folder);
  expect(store.audit.list(null, 1)).toMatchObject([
    { action: 'account.remove', subject: 'ci', outcome: 'ok' },
  ]);
});
