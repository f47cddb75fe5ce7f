import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { Sealed } from '../ports.ts';
import { createVaultOpener, type KeychainPort, type VaultOpener } from './open-vault.ts';
import { createVault, type OpenableVault } from './vault.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const PASSPHRASE = 'correct horse battery';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'vault.json');
const stored = () => JSON.parse(readFileSync(file(), 'utf8'));

/** A keychain that turns bytes over and remembers nothing, like the real ones. */
function keychain(backend = 'gnome_libsecret', pad = 0x5a): KeychainPort & { asked: string[] } {
  const asked: string[] = [];
  const turn = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte) => byte ^ pad);
  return {
    asked,
    wrap(key) {
      asked.push('wrap');
      return Promise.resolve({ ok: true, bytes: turn(key), backend });
    },
    unwrap(wrapped) {
      asked.push('unwrap');
      return Promise.resolve({ ok: true, bytes: turn(wrapped), backend });
    },
  };
}

const refusing = (absent: boolean): KeychainPort => {
  const answer = {
    ok: false,
    reason: absent ? 'There is no keychain here.' : 'Access was denied.',
    absent,
  } as const;
  return { wrap: () => Promise.resolve(answer), unwrap: () => Promise.resolve(answer) };
};

type Opened = { vault: OpenableVault; opener: VaultOpener };

async function start(port: KeychainPort, passphrase: string | null = null): Promise<Opened> {
  const vault = createVault();
  const opener = createVaultOpener({
    dataDir: folder,
    vault,
    keychain: port,
    passphrase,
    clock: createFakeClock(),
    log,
    onChange: () => {},
  });
  await opener.open();
  return { vault, opener };
}

const sealOne = ({ vault }: Opened): Sealed => vault.seal('secret', 'row', 'column');
const opens = ({ vault }: Opened, sealed: Sealed) => vault.open(sealed, 'row', 'column') === 'secret';

describe('with a keychain', () => {
  it('makes a key at the first start, checks that it comes back, and opens it from then on', async () => {
    const first = keychain();
    const before = await start(first);
    expect(first.asked).toEqual(['wrap', 'unwrap']);
    expect(before.opener.state()).toMatchObject({
      phase: 'ready',
      mode: 'keychain',
      backend: 'gnome_libsecret',
    });
    const second = keychain();
    expect(opens(await start(second), sealOne(before))).toBe(true);
    expect(second.asked).toEqual(['unwrap']);
  });

  it('keeps the file to its owner and leaves no temporary one behind', async () => {
    const umask = process.umask(0);
    await start(keychain());
    process.umask(umask);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['vault.json']);
  });

  it('does not trust a keychain that does not return what it was given', async () => {
    const lying = { ...keychain(), unwrap: keychain('gnome_libsecret', 0x11).unwrap };
    const { opener, vault } = await start(lying);
    expect(opener.state().phase).toBe('choice-needed');
    expect(vault.ready()).toBe(false);
    expect(existsSync(file())).toBe(false);
  });

  it('stays locked when it refuses, says the way out, and changes nothing on the disk', async () => {
    const sealed = sealOne(await start(keychain()));
    const bytes = readFileSync(file());
    const { opener, vault } = await start(refusing(false));
    expect(opener.state()).toMatchObject({ phase: 'locked', mode: 'keychain' });
    expect(opener.state().explanation).toMatch(/Access was denied.*Allow access.*Nothing was deleted/);
    expect(vault.ready()).toBe(false);
    await expect(opener.choose({ mode: 'memory' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(opener.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(file())).toEqual(bytes);
    expect(opens(await start(keychain()), sealed)).toBe(true);
  });

  it('names the switch that brings back a keychain that is gone', async () => {
    await start(keychain());
    const { opener } = await start(refusing(true), PASSPHRASE);
    expect(opener.state()).toMatchObject({ phase: 'locked', backend: 'gnome_libsecret' });
    expect(opener.state().explanation).toContain('--password-store=gnome-libsecret');
  });

  it('notices another keychain by the key it returns', async () => {
    await start(keychain());
    const other: KeychainPort = {
      ...keychain('kwallet5'),
      unwrap: () => Promise.resolve({ ok: true, bytes: new Uint8Array(5), backend: 'kwallet5' }),
    };
    const { opener, vault } = await start(other);
    expect(opener.state().phase).toBe('locked');
    expect(opener.state().explanation).toMatch(/gnome_libsecret.*kwallet5/);
    expect(vault.ready()).toBe(false);
  });
});

describe('without a keychain', () => {
  it('asks, in words that tell what each choice means', async () => {
    const { opener } = await start(refusing(true));
    expect(opener.state().phase).toBe('choice-needed');
    expect(opener.state().explanation).toMatch(
      /no keychain.*passphrase.*memory.*never written down unprotected/,
    );
  });

  it('keeps secrets under a passphrase that is typed at the next start', async () => {
    const first = await start(refusing(true));
    await first.opener.choose({ mode: 'passphrase', passphrase: PASSPHRASE });
    expect(first.opener.state()).toMatchObject({ phase: 'ready', mode: 'passphrase', backend: null });
    const sealed = sealOne(first);
    const second = await start(refusing(true));
    expect(second.opener.state()).toMatchObject({ phase: 'locked', mode: 'passphrase' });
    await expect(second.opener.unlock('something else')).rejects.toMatchObject({ code: 'wrong_passphrase' });
    expect(second.opener.state().phase).toBe('locked');
    await second.opener.unlock(PASSPHRASE);
    expect(opens(second, sealed)).toBe(true);
    await expect(second.opener.unlock(PASSPHRASE)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('stores how the key was derived, and neither key nor passphrase', async () => {
    await start(refusing(true), PASSPHRASE);
    const { keys } = stored();
    expect(keys[0].scrypt).toMatchObject({ N: 2 ** 17, r: 8, p: 1 });
    expect(readFileSync(file(), 'utf8')).not.toContain(PASSPHRASE);
  });

  it('keeps secrets in memory only, and then nothing on the disk', async () => {
    const first = await start(refusing(true));
    await first.opener.choose({ mode: 'memory' });
    expect(first.opener.state()).toMatchObject({ phase: 'ready', mode: 'memory' });
    const sealed = sealOne(first);
    expect(readdirSync(folder)).toEqual([]);
    const second = await start(refusing(true));
    await second.opener.choose({ mode: 'memory' });
    expect(() => second.vault.open(sealed, 'row', 'column')).toThrow(
      expect.objectContaining({ code: 'secret_unreadable' }),
    );
  });
});

describe('CCFLARE_PASSPHRASE', () => {
  it('makes a passphrase vault and opens it, without asking the keychain', async () => {
    const port = keychain();
    const sealed = sealOne(await start(port, PASSPHRASE));
    expect(opens(await start(port, PASSPHRASE), sealed)).toBe(true);
    expect(port.asked).toEqual([]);
  });

  it('that is wrong leaves the vault locked and says so', async () => {
    await start(keychain(), PASSPHRASE);
    const { opener } = await start(keychain(), 'not this one');
    expect(opener.state()).toMatchObject({ phase: 'locked', mode: 'passphrase' });
    expect(opener.state().explanation).toContain('CCFLARE_PASSPHRASE does not open them');
    await opener.unlock(PASSPHRASE);
    expect(opener.state().phase).toBe('ready');
  });

  it('does not take a vault away from the keychain that keeps it', async () => {
    const sealed = sealOne(await start(keychain()));
    const again = await start(keychain(), PASSPHRASE);
    expect(again.opener.state().mode).toBe('keychain');
    expect(opens(again, sealed)).toBe(true);
  });

  it('opens with the same letters in another Unicode form', async () => {
    const sealed = sealOne(await start(keychain(), 'Zürich-Straße'.normalize('NFC')));
    expect(opens(await start(keychain(), 'Zürich-Straße'.normalize('NFD')), sealed)).toBe(true);
  });
});

describe('attacks on vault.json', () => {
  const tamper = (change: (content: { keys: Record<string, unknown>[] }) => void): string => {
    const content = stored();
    change(content);
    const text = JSON.stringify(content);
    writeFileSync(file(), text);
    return text;
  };

  it('cut, emptied or foreign content is refused and left as it is', async () => {
    await start(keychain());
    for (const text of ['', '{', '[]', '{"version":2}', 'x'.repeat(100_000)]) {
      writeFileSync(file(), text);
      const { opener, vault } = await start(keychain());
      expect(opener.state()).toMatchObject({ phase: 'failed', mode: null });
      expect(opener.state().explanation).toMatch(/vault\.json.*left as it is/);
      expect(vault.ready()).toBe(false);
      await expect(opener.choose({ mode: 'memory' })).rejects.toMatchObject({ code: 'conflict' });
      expect(readFileSync(file(), 'utf8')).toBe(text);
    }
  });

  it('a derivation that would eat all memory, or protect nothing, is refused', async () => {
    await start(keychain(), PASSPHRASE);
    for (const scrypt of [{ N: 2 ** 30 }, { N: 1024 }, { r: 100_000 }, { p: 1000 }, { N: 2 ** 17 + 1 }]) {
      const text = tamper(({ keys }) => Object.assign(keys[0]!.scrypt as object, scrypt));
      const { opener } = await start(keychain(), PASSPHRASE);
      expect(opener.state().phase).toBe('failed');
      expect(readFileSync(file(), 'utf8')).toBe(text);
      Object.assign(stored());
      rmSync(file());
      await start(keychain(), PASSPHRASE);
    }
  });

  it('weaker parameters than the key was wrapped with do not open it', async () => {
    await start(keychain(), PASSPHRASE);
    tamper(({ keys }) => Object.assign(keys[0]!.scrypt as object, { N: 2 ** 15 }));
    expect((await start(keychain(), PASSPHRASE)).opener.state().phase).toBe('locked');
  });

  it('another key id or mode does not open it', async () => {
    await start(keychain(), PASSPHRASE);
    tamper((content) => {
      Object.assign(content, { current: 'other' });
      content.keys[0]!.keyId = 'other';
    });
    expect((await start(keychain(), PASSPHRASE)).opener.state().phase).toBe('locked');
    tamper(({ keys }) => Object.assign(keys[0]!, { mode: 'keychain', backend: 'dpapi', scrypt: null }));
    expect((await start(keychain(), PASSPHRASE)).vault.ready()).toBe(false);
  });

  it('a folder that cannot be written leaves nothing half done', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const { opener, vault } = await start(keychain());
    expect(opener.state()).toMatchObject({ phase: 'failed' });
    expect(opener.state().explanation).toContain('data folder');
    expect(vault.ready()).toBe(false);
    chmodSync(folder, 0o600);
  });
});
