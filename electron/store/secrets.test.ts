import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccounts } from '../core/accounts/accounts.ts';
import { applyProvision, parseProvision } from '../core/provisioning/provision.ts';
import { createAudit } from '../core/security/audit.ts';
import { createClientKeys } from '../core/security/client-keys.ts';
import { createEventLog } from '../core/security/event-log.ts';
import { createVault } from '../core/security/vault.ts';
import { createSettings } from '../core/settings/settings.ts';
import type { EngineStore } from '../core/store-ports.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { openEngineStore } from './engine-store.ts';

const SECRETS = {
  CLIENT: 'client-key-SECRET-0123456789',
  KEY: 'sk-ant-api03-SECRET-0123456789',
  ACCESS: 'sk-ant-oat01-SECRET-0123456789',
  REFRESH: 'sk-ant-ort01-SECRET-0123456789',
};

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const dataKey = randomBytes(32);

let folder = '';
let store: EngineStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  store = openEngineStore(folder);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A start of the engine's rooms over the real file. */
function start() {
  const clock = createFakeClock();
  const vault = createVault();
  vault.load({ currentId: 'k', byId: new Map([['k', dataKey]]) });
  const audit = createAudit(store.audit, clock);
  const onChange = () => {};
  const tokens = { refresh: () => Promise.reject(new Error('not in this test')) };
  const events = createEventLog(clock, onChange);
  const settings = createSettings({ store: store.settings, env: {}, log });
  const accounts = createAccounts({
    store: store.accounts,
    transaction: store.transaction,
    settings,
    vault,
    clock,
    log,
    api: { profile: () => Promise.resolve({ kind: 'scope-missing' }) },
    tokens,
    audit,
    events,
    onChange,
  });
  accounts.load();
  const clientKeys = createClientKeys({ store: store.clientKeys, vault, audit, clock, onChange });
  return { accounts, clientKeys, audit, settings };
}

const provision = () =>
  parseProvision(
    {
      clientKeys: [{ name: 'laptop', key: 'env:CLIENT' }],
      accounts: [
        { name: 'work', kind: 'api-key', apiKey: 'env:KEY' },
        {
          name: 'max',
          kind: 'oauth',
          accessToken: 'env:ACCESS',
          refreshToken: 'env:REFRESH',
          expiresAt: 1_900_000_000_000,
        },
      ],
    },
    SECRETS,
  );

function bytesOnDisk(): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

describe('secrets in the data folder', () => {
  it('attack: reading every byte of the files finds none of them', () => {
    const rooms = start();
    applyProvision(provision(), rooms);
    const [max, work] = ['max', 'work'].map(
      (name) => rooms.accounts.pool.all().find((a) => a.name === name)!,
    );
    expect(rooms.accounts.pool.credentialNow(work!.id)?.value).toBe(SECRETS.KEY);
    expect(rooms.accounts.pool.credentialNow(max!.id)?.value).toBe(`Bearer ${SECRETS.ACCESS}`);
    const bytes = bytesOnDisk();
    for (const secret of ['SECRET', ...Object.values(SECRETS)]) {
      const forms = [
        secret,
        Buffer.from(secret).toString('base64').slice(0, -4),
        Buffer.from(secret).toString('hex'),
      ];
      for (const form of forms) expect(bytes.includes(form)).toBe(false);
    }
  });

  it('attack: a ciphertext copied to another account does not open there', () => {
    applyProvision(provision(), start());
    const [victim, thief] = ['max', 'work'].map(
      (name) => store.accounts.list().find((a) => a.name === name)!,
    );
    store.accounts.update(thief!.id, { apiKey: victim!.refreshToken });
    const { accounts } = start();
    expect(accounts.pool.credentialNow(thief!.id)).toBeNull();
    expect(accounts.pool.problem(thief!.id)).toMatchObject({ definitive: true });
    expect(store.accounts.list()).toHaveLength(2);
  });

  it('are provisioned once: a second start writes nothing and puts nothing on record', () => {
    applyProvision(provision(), start());
    const rows = () => [store.accounts.list(), store.clientKeys.list(), [...store.settings.list()], audits()];
    const audits = () => store.audit.list(null, 100);
    const before = rows();
    expect(applyProvision(provision(), start())).toEqual({ changed: 0 });
    expect(rows()).toEqual(before);
  });
});
