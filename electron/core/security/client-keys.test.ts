import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientKeySecretSchema } from '../../../shared/client-key.ts';
import { openEngineStore } from '../../store/engine-store.ts';
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts';
import type { EngineStore } from '../store-ports.ts';
import { createAudit } from './audit.ts';
import { createClientKeys } from './client-keys.ts';
import { createVault, type OpenableVault } from './vault.ts';

let folder = '';
let store: EngineStore;
let vault: OpenableVault;
let clock: FakeClock;
let changes = 0;
const dataKey = randomBytes(32);

function unlock(): void {
  vault.load({ currentId: 'k', byId: new Map([['k', dataKey]]) });
}

function open() {
  return createClientKeys({
    store: store.clientKeys,
    vault,
    audit: createAudit(store.audit, clock),
    clock,
    onChange: () => {
      changes += 1;
    },
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-keys-'));
  store = openEngineStore(folder);
  vault = createVault();
  clock = createFakeClock();
  changes = 0;
  unlock();
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the first key', () => {
  it('is made once, and only when the vault could keep it for copying', () => {
    vault = createVault();
    const keys = open();
    keys.ensureFirst();
    expect(keys.views()).toEqual([]);
    unlock();
    keys.ensureFirst();
    keys.ensureFirst();
    open().ensureFirst();
    expect(keys.views()).toMatchObject([{ name: 'default', copyable: true, revokedAt: null }]);
    keys.revoke(keys.views()[0]!.id, 'dashboard');
    open().ensureFirst();
    expect(open().views()).toHaveLength(1);
  });
});

describe('client keys', () => {
  it('open the proxy until they are revoked, also after a restart', () => {
    const keys = open();
    const view = keys.create('laptop', 'dashboard');
    const key = keys.reveal(view.id);
    expect(key).toMatch(/^cck_[\w-]{32}$/);
    expect(clientKeySecretSchema.parse(key)).toBe(key);
    expect(view.hint).toBe(key.slice(-4));
    expect(open().keyring.identify(key)).toEqual({ keyId: view.id, keyName: 'laptop' });
    keys.revoke(view.id, 'tray');
    expect(keys.keyring.identify(key)).toBeNull();
    expect(open().keyring.identify(key)).toBeNull();
    expect(() => keys.reveal(view.id)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(keys.views()).toMatchObject([{ copyable: false, revokedAt: clock.now() }]);
    expect(store.clientKeys.list()[0]?.sealedKey).toBeNull();
  });

  it('have names of their own, whatever the case', () => {
    const keys = open();
    const { id } = keys.create('Laptop', 'dashboard');
    expect(() => keys.create('laptop', 'dashboard')).toThrow(expect.objectContaining({ code: 'name_taken' }));
    const other = keys.create('desk', 'dashboard');
    expect(() => keys.rename(other.id, 'LAPTOP', 'dashboard')).toThrow(
      expect.objectContaining({ code: 'name_taken' }),
    );
    keys.rename(id, 'laptop', 'dashboard');
    expect(keys.keyring.identify(keys.reveal(id))?.keyName).toBe('laptop');
    keys.revoke(id, 'dashboard');
    keys.create('laptop', 'dashboard');
  });

  it('are not made while the vault is locked, since nobody could read them', () => {
    vault = createVault();
    expect(() => open().create('x', 'dashboard')).toThrow(expect.objectContaining({ code: 'vault_locked' }));
    expect(store.clientKeys.list()).toEqual([]);
  });

  it('note their last use at once in the view and once a minute on the disk', () => {
    const keys = open();
    const { id } = keys.create('x', 'dashboard');
    const onDisk = () => store.clientKeys.list()[0]?.lastUsedAt;
    for (let at = 1; at <= 100; at += 1) keys.keyring.touched(id, at);
    expect(keys.views()[0]?.lastUsedAt).toBe(100);
    expect(onDisk()).toBe(1);
    clock.advance(60_000);
    keys.keyring.touched(id, 101);
    keys.keyring.touched(id, 102);
    expect(onDisk()).toBe(101);
    keys.flush();
    expect(onDisk()).toBe(102);
  });

  it('put every change on record, without the key', () => {
    const keys = open();
    const { id } = keys.create('laptop', 'dashboard');
    const key = keys.reveal(id);
    keys.rename(id, 'desk', 'tray');
    keys.revoke(id, 'dashboard');
    const rows = store.audit.list(null, 10);
    expect(rows.map((row) => [row.actor, row.action, row.subject])).toEqual([
      ['dashboard', 'client_key.revoke', 'desk'],
      ['tray', 'client_key.rename', 'desk'],
      ['dashboard', 'client_key.create', 'laptop'],
    ]);
    expect(JSON.stringify(rows)).not.toContain(key.slice(4));
    expect(changes).toBe(3);
  });
});

describe('provisioned keys', () => {
  const KEY = 'provisioned-key-0123456789';

  it('are added, found again, and replaced under their name', () => {
    const keys = open();
    expect(keys.provision('laptop', KEY)).toBe('added');
    expect(open().provision('LAPTOP', KEY)).toBe('unchanged');
    const audits = store.audit.list(null, 10).length;
    const again = open();
    expect(again.provision('laptop', `${KEY}-new`)).toBe('changed');
    expect(again.keyring.identify(KEY)).toBeNull();
    expect(again.keyring.identify(`${KEY}-new`)?.keyName).toBe('laptop');
    expect(store.audit.list(null, 10)).toHaveLength(audits + 1);
  });

  it('stay revoked once the user has revoked them', () => {
    const keys = open();
    keys.provision('laptop', KEY);
    keys.revoke(keys.views()[0]!.id, 'dashboard');
    expect(keys.provision('laptop', KEY)).toBe('kept-revoked');
    expect(keys.keyring.identify(KEY)).toBeNull();
  });

  it('do not take a key that has another name', () => {
    const keys = open();
    keys.provision('laptop', KEY);
    expect(() => keys.provision('desk', KEY)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('can be copied again after the data key was lost', () => {
    open().provision('laptop', KEY);
    vault = createVault();
    vault.load({ currentId: 'new', byId: new Map([['new', randomBytes(32)]]) });
    const keys = open();
    expect(keys.views()[0]?.copyable).toBe(false);
    expect(keys.provision('laptop', KEY)).toBe('unchanged');
    expect(keys.reveal(keys.views()[0]!.id)).toBe(KEY);
  });
});

describe('attacks on client keys', () => {
  it('reading the database for a key', () => {
    const keys = open();
    const key = keys.reveal(keys.create('laptop', 'dashboard').id);
    const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(bytes.join('')).not.toContain(key);
    expect(bytes.join('')).not.toContain(key.slice(4));
  });

  it('near misses, parts, and hostile lengths', () => {
    const keys = open();
    const key = keys.reveal(keys.create('laptop', 'dashboard').id);
    const { identify } = keys.keyring;
    const tries = [
      '',
      key.slice(0, -1),
      `${key}x`,
      key.toUpperCase(),
      ` ${key}`,
      `${key}\u0000`,
      'x'.repeat(1e6),
    ];
    expect(tries.map(identify)).toEqual(tries.map(() => null));
    expect(identify(key)).not.toBeNull();
  });

  it('a sealed copy moved to another key', () => {
    const keys = open();
    const one = keys.create('one', 'dashboard');
    const two = keys.create('two', 'dashboard');
    const sealed = store.clientKeys.list().find((row) => row.id === one.id)!.sealedKey;
    store.clientKeys.update(two.id, { sealedKey: sealed });
    expect(() => open().reveal(two.id)).toThrow(expect.objectContaining({ code: 'secret_unreadable' }));
  });
});
