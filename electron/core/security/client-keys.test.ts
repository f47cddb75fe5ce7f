import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientKeySecretSchema } from '../../../shared/client-key.ts';
import { openEngineStore } from '../../store/engine-store.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { EngineStore } from '../store-ports.ts';
import { createAudit } from './audit.ts';
import { createClientKeys } from './client-keys.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { createVault } from './vault.ts';

let dataDir = '';
let store: EngineStore;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'keys-'));
  store = openEngineStore(dataDir);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const GIVEN = 'cck_given-by-the-provision-file';

/** A start of the app over the same database; `key` null leaves the vault locked. */
function start(key: number | null = 7, clientKeyStore = store.clientKeys) {
  const clock = createFakeClock();
  const vault = createVault();
  const unlock = (fill: number) =>
    vault.load({ currentId: `k${fill}`, byId: new Map([[`k${fill}`, new Uint8Array(32).fill(fill)]]) });
  if (key !== null) unlock(key);
  let changes = 0;
  const keys = createClientKeys({
    store: clientKeyStore,
    vault,
    audit: createAudit(store.audit, clock),
    clock,
    onChange: () => {
      changes += 1;
    },
  });
  return { keys, clock, unlock, changes: () => changes };
}

const audited = () =>
  store.audit.list(null, 100).map(({ action, actor, subject }) => [action, actor, subject]);
const coded = (code: string) => expect.objectContaining({ code });

describe('client keys', () => {
  it('makes the first key once, and never again after it was revoked', () => {
    const { keys } = start();
    keys.ensureFirst();
    keys.ensureFirst();
    expect(keys.views()).toMatchObject([
      { name: 'default', copyable: true, revokedAt: null, lastUsedAt: null },
    ]);
    keys.revoke(keys.views()[0]!.id, 'dashboard');
    const { keys: later } = start();
    later.ensureFirst();
    expect(later.views()).toHaveLength(1);
  });

  it('lets in who holds a key, names it, and still does after a restart', () => {
    const { keys } = start();
    const view = keys.create('laptop', 'dashboard');
    const key = keys.reveal(view.id);
    expect(key).toMatch(/^cck_[\w-]{32}$/);
    expect(clientKeySecretSchema.parse(key)).toBe(key);
    expect(view.hint).toBe(key.slice(-4));
    for (const { keyring } of [keys, start().keys]) {
      expect(keyring.identify(key)).toEqual({ keyId: view.id, keyName: 'laptop', exhaustion: null });
    }
    expect(audited()).toEqual([['client_key.create', 'dashboard', 'laptop']]);
  });

  it('renames; a name is taken whatever its case, and free again after revoking', () => {
    const { keys } = start();
    const one = keys.create('one', 'dashboard');
    const two = keys.create('two', 'dashboard');
    expect(() => keys.create('ONE', 'dashboard')).toThrow(coded('name_taken'));
    expect(() => keys.rename(two.id, 'One', 'dashboard')).toThrow(coded('name_taken'));
    keys.rename(one.id, 'ONE', 'dashboard');
    expect(keys.keyring.identify(keys.reveal(one.id))?.keyName).toBe('ONE');
    keys.revoke(one.id, 'tray');
    keys.rename(two.id, 'one', 'dashboard');
    expect(keys.views().map(({ name }) => name)).toEqual(['ONE', 'one']);
    expect(() => keys.rename(one.id, 'x', 'dashboard')).toThrow(coded('not_found'));
  });

  it('opens nothing with a revoked key, also the last one, and keeps it listed without its copy', () => {
    const { keys } = start();
    const { id } = keys.create('only', 'dashboard');
    const key = keys.reveal(id);
    keys.revoke(id, 'dashboard');
    expect(keys.keyring.identify(key)).toBeNull();
    expect(start().keys.keyring.identify(key)).toBeNull();
    expect(keys.views()).toMatchObject([{ id, copyable: false }]);
    expect(keys.views()[0]?.revokedAt).toBeGreaterThan(0);
    expect(() => keys.reveal(id)).toThrow(coded('not_found'));
    expect(store.clientKeys.list()[0]?.sealedKey).toBeNull();
  });

  it('writes uses together and late, shows them at once, and all of them at the end', () => {
    const { keys, clock, changes } = start();
    const { id } = keys.create('busy', 'dashboard');
    const before = changes();
    const stored = () => store.clientKeys.list()[0]?.lastUsedAt;
    keys.keyring.touched(id, 1000);
    keys.keyring.touched(id, 2000);
    expect(stored()).toBeNull();
    expect(keys.views()[0]?.lastUsedAt).toBe(2000);
    clock.advance(30_000);
    expect(stored()).toBe(2000);
    expect(changes()).toBe(before + 1);
    keys.keyring.touched(id, 3000);
    keys.flush();
    expect(stored()).toBe(3000);
  });

  it('goes on while the disk is busy, and writes the uses later', () => {
    let busy = true;
    const { clientKeys } = store;
    const { keys, clock } = start(7, {
      list: clientKeys.list,
      insert: clientKeys.insert,
      update(id, change) {
        if (busy) throw new Error('database is locked');
        clientKeys.update(id, change);
      },
    });
    const { id } = keys.create('busy', 'dashboard');
    keys.keyring.touched(id, 1000);
    clock.advance(30_000);
    busy = false;
    clock.advance(30_000);
    expect(store.clientKeys.list()[0]?.lastUsedAt).toBe(1000);
  });
});

describe('what a key gets when no account can serve', () => {
  const details = () => store.audit.list(null, 100).map(({ action, detail }) => [action, detail]);

  it('is as the setting says until the user chooses, and the guard hears of the choice at once', () => {
    const { keys, changes } = start();
    const view = keys.create('laptop', 'dashboard');
    const other = keys.create('desk', 'dashboard');
    expect(view.exhaustion).toBeNull();
    const before = changes();
    keys.setExhaustion(view.id, 'hold', 'dashboard');
    expect(changes()).toBe(before + 1);
    for (const { keyring } of [keys, start().keys]) {
      expect(keyring.identify(keys.reveal(view.id))?.exhaustion).toBe('hold');
      expect(keyring.identify(keys.reveal(other.id))?.exhaustion).toBeNull();
    }
    const shown = start().keys.views();
    const chosen = Object.fromEntries(shown.map(({ name, exhaustion }) => [name, exhaustion]));
    expect(chosen).toEqual({ laptop: 'hold', desk: null });
  });

  it('is audited with the choice, and a choice that changes nothing is no change', () => {
    const { keys, changes } = start();
    const { id } = keys.create('laptop', 'dashboard');
    keys.setExhaustion(id, 'fallback', 'dashboard');
    const before = changes();
    keys.setExhaustion(id, 'fallback', 'dashboard');
    expect(changes()).toBe(before);
    keys.setExhaustion(id, null, 'dashboard');
    expect(keys.keyring.identify(keys.reveal(id))?.exhaustion).toBeNull();
    expect(details().slice(0, -1)).toEqual([
      ['client_key.set_exhaustion', 'as the setting says'],
      ['client_key.set_exhaustion', 'fallback'],
    ]);
  });

  it('stays as it was through a new name, a use and a provisioned secret', () => {
    const { keys } = start();
    const { id } = keys.create('ci', 'dashboard');
    keys.setExhaustion(id, 'hold', 'dashboard');
    keys.provision('ci', GIVEN);
    keys.rename(id, 'build', 'dashboard');
    keys.keyring.touched(id, 1000);
    keys.flush();
    expect(start().keys.keyring.identify(GIVEN)).toEqual({ keyId: id, keyName: 'build', exhaustion: 'hold' });
  });

  it('cannot be chosen for a key that is revoked or was never there', () => {
    const { keys } = start();
    const { id } = keys.create('laptop', 'dashboard');
    keys.revoke(id, 'dashboard');
    for (const gone of [id, 'never-there']) {
      expect(() => keys.setExhaustion(gone, 'hold', 'dashboard')).toThrow(coded('not_found'));
    }
    expect(keys.views()[0]?.exhaustion).toBeNull();
  });
});

describe('the key of a set-up that the app writes itself', () => {
  it('is made once under its name, works, and is the same at every later call', () => {
    const { keys } = start();
    const secret = keys.secretFor('claude-code', 'Claude Code');
    expect(clientKeySecretSchema.parse(secret)).toBe(secret);
    expect(keys.keyring.identify(secret)?.keyName).toBe('Claude Code');
    expect(keys.secretFor('claude-code', 'claude code')).toBe(secret);
    expect(start().keys.secretFor('claude-code', 'Claude Code')).toBe(secret);
    expect(keys.views()).toHaveLength(1);
    expect(audited()).toEqual([['client_key.create', 'app', 'Claude Code']]);
  });

  it('is made anew in place when its copy cannot be read any more; the old one opens nothing then', () => {
    const { keys } = start(7);
    const old = keys.secretFor('claude-code', 'Claude Code');
    const { id } = keys.views()[0]!;
    keys.setExhaustion(id, 'hold', 'dashboard');
    const later = start(8).keys;
    const secret = later.secretFor('claude-code', 'Claude Code');
    expect(secret).not.toBe(old);
    expect(later.keyring.identify(old)).toBeNull();
    expect(later.keyring.identify(secret)).toEqual({
      keyId: id,
      keyName: 'Claude Code',
      exhaustion: 'hold',
    });
    expect(later.views()).toHaveLength(1);
    expect(later.views()[0]?.hint).toBe(secret.slice(-4));
    expect(audited()[0]).toEqual(['client_key.replace', 'app', 'Claude Code']);
  });

  it('stays the same under any name, also when another key gets the old one', () => {
    const { keys } = start();
    const secret = keys.secretFor('claude-code', 'Claude Code');
    keys.rename(keys.views()[0]!.id, 'laptop', 'dashboard');
    expect(keys.secretFor('claude-code', 'Claude Code')).toBe(secret);
    keys.create('Claude Code', 'dashboard');
    expect(start().keys.secretFor('claude-code', 'Claude Code')).toBe(secret);
    expect(keys.views()).toHaveLength(2);
  });

  it('is that of its name where a file gave one, from then on under any name', () => {
    const { keys } = start();
    const given = 'cck_given-by-a-file-0123456789abcdef';
    keys.provision('claude code', given);
    expect(keys.secretFor('claude-code', 'Claude Code')).toBe(given);
    keys.rename(keys.views()[0]!.id, 'laptop', 'dashboard');
    expect(start().keys.secretFor('claude-code', 'Claude Code')).toBe(given);
  });

  it('is a new key after the user revoked it', () => {
    const { keys } = start();
    const old = keys.secretFor('claude-code', 'Claude Code');
    keys.revoke(keys.views()[0]!.id, 'dashboard');
    const secret = keys.secretFor('claude-code', 'Claude Code');
    expect(keys.keyring.identify(old)).toBeNull();
    expect(keys.keyring.identify(secret)).not.toBeNull();
    expect(keys.views()).toHaveLength(2);
  });

  it('is neither made nor replaced while the vault is locked', () => {
    expect(() => start(null).keys.secretFor('claude-code', 'Claude Code')).toThrow(coded('vault_locked'));
    expect(store.clientKeys.list()).toEqual([]);
    const secret = start(7).keys.secretFor('claude-code', 'Claude Code');
    const locked = start(null).keys;
    expect(() => locked.secretFor('claude-code', 'Claude Code')).toThrow(coded('vault_locked'));
    expect(locked.keyring.identify(secret)).not.toBeNull();
  });
});

describe('provisioned client keys', () => {
  it('adds, leaves alone, and replaces by name', () => {
    const { keys } = start();
    expect(keys.provision('ci', GIVEN)).toBe('added');
    expect(keys.provision('CI', GIVEN)).toBe('unchanged');
    expect(keys.provision('ci', `${GIVEN}-2`)).toBe('changed');
    expect(keys.keyring.identify(GIVEN)).toBeNull();
    expect(keys.keyring.identify(`${GIVEN}-2`)?.keyName).toBe('ci');
    expect(keys.views()).toHaveLength(1);
    expect(audited()).toEqual([
      ['client_key.replace', 'provision', 'ci'],
      ['client_key.create', 'provision', 'ci'],
    ]);
  });

  it('does not bring back what the user revoked, nor give one key two names', () => {
    const { keys } = start();
    keys.provision('ci', GIVEN);
    expect(() => keys.provision('other', GIVEN)).toThrow(coded('conflict'));
    keys.revoke(keys.views()[0]!.id, 'dashboard');
    expect(keys.provision('ci', GIVEN)).toBe('kept-revoked');
    expect(keys.keyring.identify(GIVEN)).toBeNull();
  });

  it('works with a locked vault; the copy for the clipboard comes with an open one and is not lost again', () => {
    const { keys, unlock } = start(null);
    expect(keys.provision('ci', GIVEN)).toBe('added');
    expect(keys.keyring.identify(GIVEN)?.keyName).toBe('ci');
    const { id, copyable } = keys.views()[0]!;
    expect(copyable).toBe(false);
    expect(() => keys.reveal(id)).toThrow(coded('conflict'));
    unlock(7);
    expect(keys.provision('ci', GIVEN)).toBe('unchanged');
    expect(keys.reveal(id)).toBe(GIVEN);
    expect(start(null).keys.provision('ci', GIVEN)).toBe('unchanged');
    expect(start(7).keys.reveal(id)).toBe(GIVEN);
  });
});

describe('a provisioned key after its data key was lost', () => {
  it('can be copied again', () => {
    start(7).keys.provision('ci', GIVEN);
    const { keys } = start(8);
    expect(keys.views()[0]?.copyable).toBe(false);
    expect(keys.provision('ci', GIVEN)).toBe('unchanged');
    expect(keys.reveal(keys.views()[0]!.id)).toBe(GIVEN);
  });
});

describe('attacks on client keys', () => {
  it('the files on the disk give no key away, the audit included', () => {
    const { keys } = start();
    const { id } = keys.create('laptop', 'dashboard');
    const key = keys.reveal(id);
    keys.rename(id, 'desk', 'tray');
    keys.revoke(id, 'dashboard');
    expect(audited()).toEqual([
      ['client_key.revoke', 'dashboard', 'desk'],
      ['client_key.rename', 'tray', 'desk'],
      ['client_key.create', 'dashboard', 'laptop'],
    ]);
    const own = keys.secretFor('claude-code', 'Claude Code');
    const bytes = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), 'latin1'));
    expect(bytes.join('')).toContain('client_key.rename');
    for (const secret of [key, own]) expect(bytes.join('')).not.toContain(secret.slice(4));
  });

  it('a locked vault, or another data key, shows no key but lets its holder in', () => {
    const { keys } = start(7);
    const { id } = keys.create('laptop', 'dashboard');
    const key = keys.reveal(id);
    const locked = start(null).keys;
    expect(() => locked.reveal(id)).toThrow(coded('vault_locked'));
    expect(() => locked.create('new', 'dashboard')).toThrow(coded('vault_locked'));
    const other = start(8).keys;
    expect(() => other.reveal(id)).toThrow(coded('secret_unreadable'));
    expect(other.views()[0]?.copyable).toBe(false);
    expect(other.keyring.identify(key)).not.toBeNull();
  });

  it('a ciphertext moved to another key in the database is not shown under it', () => {
    const { keys } = start();
    const victim = keys.create('victim', 'dashboard');
    const attacker = keys.create('attacker', 'dashboard');
    const sealedKey = store.clientKeys.list().find(({ id }) => id === victim.id)?.sealedKey ?? null;
    store.clientKeys.update(attacker.id, { sealedKey });
    expect(() => start().keys.reveal(attacker.id)).toThrow(coded('secret_unreadable'));
  });

  it('almost a key is no key: prefix, case, padding, blanks, empty, very long', () => {
    const { keys } = start();
    const key = keys.reveal(keys.create('laptop', 'dashboard').id);
    const tries = [key.slice(0, -1), `${key}a`, key.toUpperCase(), ` ${key}`, `${key}\n`, `${key}\0`, ''];
    for (const tried of [...tries, 'a'.repeat(1_000_000)]) expect(keys.keyring.identify(tried)).toBeNull();
  });

  it('guessing keys is limited: a minute of tries gives the allowed number and the share of one minute', () => {
    const clock = createFakeClock();
    const limiter = createRateLimiter(clock);
    let tried = 0;
    for (let ms = 0; ms < 60_000; ms += 10) {
      if (limiter.allow('failed-auth', 30).ok) tried += 1;
      clock.advance(10);
    }
    expect(tried).toBeLessThanOrEqual(60);
    expect(tried).toBeGreaterThanOrEqual(59);
  });
});
