import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createVaultOpener, type KeychainPort } from './open-vault.ts';
import { createVault } from './vault.ts';

const PASSPHRASE = 'correct horse battery';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vault-attacks-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const vaultJson = () => join(dataDir, 'vault.json');
const content = () => readFileSync(vaultJson(), 'utf8');

/** A keychain that gives back what it got, under whatever name; null is none at all. */
function keychainNamed(backend: string | null): KeychainPort {
  const answer = (bytes: Uint8Array) =>
    Promise.resolve(
      backend === null
        ? ({ ok: false, reason: 'There is no keychain.', absent: true } as const)
        : ({ ok: true, bytes, backend } as const),
    );
  return { wrap: answer, unwrap: answer };
}

/** The app starts: everything in memory is new, the folder is what the last run left. */
async function start(keychain: KeychainPort, passphrase: string | null = null) {
  const vault = createVault();
  const lines: string[] = [];
  const write = (event: string, fields: unknown = {}) =>
    void lines.push(`${event} ${JSON.stringify(fields)}`);
  const opener = createVaultOpener({
    dataDir,
    vault,
    keychain,
    passphrase,
    clock: createFakeClock(),
    log: { debug: write, info: write, warn: write, error: write },
    onChange: (state) => write('changed', state),
  });
  await opener.open();
  return { vault, opener, lines };
}

describe('attacks on the opening of the vault', () => {
  it('another keychain that answers with a key of the right length is not believed', async () => {
    await start(keychainNamed('kwallet6'));
    const before = content();
    const { opener, vault } = await start(keychainNamed('gnome_libsecret'));
    expect(opener.state()).toMatchObject({ phase: 'locked', mode: 'keychain', backend: 'kwallet6' });
    expect(opener.state().explanation).toMatch(/kwallet6.*gnome_libsecret.*--password-store=kwallet6/);
    expect(vault.ready()).toBe(false);
    expect(content()).toBe(before);
    expect((await start(keychainNamed('kwallet6'))).vault.ready()).toBe(true);
  });

  const spoilt: [string, (file: string) => void][] = [
    ['a folder in its place', (file) => mkdirSync(file)],
    ['a link that leads nowhere', (file) => symlinkSync(join(dataDir, 'gone'), file)],
    ['a wrapped key cut short', (file) => writeFileSync(file, passphraseVault({ wrapped: 'A'.repeat(76) }))],
    ['no derivation', (file) => writeFileSync(file, passphraseVault({ scrypt: null }))],
    ['an unknown mode', (file) => writeFileSync(file, passphraseVault({ mode: 'plain' }))],
    ['a field that nobody knows', (file) => writeFileSync(file, passphraseVault({ key: 'A'.repeat(44) }))],
    ['a current key that is not there', (file) => writeFileSync(file, passphraseVault({ keyId: 'k2' }))],
  ];
  it.each(spoilt)('a vault.json that is %s is no invitation to make a new key', async (_name, put) => {
    put(vaultJson());
    const before = lstatSync(vaultJson());
    for (const passphrase of [PASSPHRASE, null]) {
      const { opener, vault } = await start(keychainNamed('keychain'), passphrase);
      expect(opener.state().phase).toBe('failed');
      expect(opener.state().explanation).toMatch(/left as it is: put back a copy/);
      expect(vault.ready()).toBe(false);
    }
    const { ino, size, mtimeMs } = lstatSync(vaultJson());
    expect([ino, size, mtimeMs]).toEqual([before.ino, before.size, before.mtimeMs]);
  });

  it('a vault that appears while the user chooses is not overwritten', async () => {
    const { opener } = await start(keychainNamed(null));
    writeFileSync(vaultJson(), 'somebody else was faster');
    const choice = opener.choose({ mode: 'passphrase', passphrase: PASSPHRASE });
    await expect(choice).rejects.toMatchObject({ code: 'conflict' });
    expect(content()).toBe('somebody else was faster');
  });

  it('a choice that the disk refuses stays open', async () => {
    const { opener, vault } = await start(keychainNamed(null));
    rmSync(dataDir, { recursive: true });
    writeFileSync(dataDir, 'a file in its place');
    const choice = opener.choose({ mode: 'passphrase', passphrase: PASSPHRASE });
    await expect(choice).rejects.toMatchObject({ code: 'data_dir_unusable' });
    expect(opener.state().phase).toBe('choice-needed');
    expect(vault.ready()).toBe(false);
  });

  it('guesses at the passphrase, many at once, open nothing and leave nothing in log or state', async () => {
    await start(keychainNamed(null), PASSPHRASE);
    const before = content();
    const { opener, vault, lines } = await start(keychainNamed(null), 'guess-zero');
    const guesses = ['guess-one', `${PASSPHRASE} `].map((guess) => opener.unlock(guess));
    for (const { status } of await Promise.allSettled(guesses)) expect(status).toBe('rejected');
    expect(vault.ready()).toBe(false);
    expect(content()).toBe(before);
    await opener.unlock(PASSPHRASE);
    expect(vault.ready()).toBe(true);
    expect(lines.join('\n')).not.toMatch(/guess-|horse/);
  });
});

/** A well-formed vault file of the passphrase kind, with one thing changed. */
function passphraseVault(change: Record<string, unknown>): string {
  const salt = Buffer.alloc(16).toString('base64');
  const entry = {
    keyId: 'k1',
    mode: 'passphrase',
    createdAt: 0,
    wrapped: Buffer.alloc(60).toString('base64'),
    backend: null,
    scrypt: { salt, N: 2 ** 17, r: 8, p: 1 },
  };
  return JSON.stringify({ version: 1, current: 'k1', keys: [{ ...entry, ...change }] });
}
