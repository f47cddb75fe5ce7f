import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { ClientIdentity, ClientKeyring } from '../ports.ts';
import type { ClientKeyRow, ClientKeyStore } from '../store-ports.ts';

/** Longest text that can be a key; anything longer is not even hashed. */
const MAX_KEY_LENGTH = 200;

/** The last use is written at most this often per key, ms. */
const WRITE_EVERY_MS = 60_000;

/** SHA-256 of a key. Keys are random, so a fast hash is enough: there is nothing to guess. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

type Entry = { readonly hash: Uint8Array; readonly identity: ClientIdentity };

/**
 * The active keys for the guard. A key is found by the first half of its hash and then compared as a whole in
 * constant time. The look-up tells nothing: an attacker who could measure it would learn about hash values, which
 * he can neither choose nor turn back.
 */
export function createKeyring(store: ClientKeyStore, clock: Clock) {
  const byHash = new Map<string, Entry>();
  const lastUse = new Map<string, { at: number; written: number }>();

  const write = (keyId: string, at: number): void => {
    lastUse.set(keyId, { at, written: clock.monotonic() });
    store.update(keyId, { lastUsedAt: at });
  };

  const keyring: ClientKeyring = {
    identify(presented) {
      if (presented.length === 0 || presented.length > MAX_KEY_LENGTH) return null;
      const hash = hashOf(presented);
      const entry = byHash.get(addressOf(hash));
      return entry !== undefined && timingSafeEqual(entry.hash, hash) ? entry.identity : null;
    },
    touched(keyId, at) {
      const known = lastUse.get(keyId);
      if (known === undefined || clock.monotonic() - known.written >= WRITE_EVERY_MS) write(keyId, at);
      else known.at = at;
    },
  };
  return {
    keyring,
    /** Takes over the keys as they are now; revoked ones are gone from the next request on. */
    load(rows: Iterable<ClientKeyRow>): void {
      byHash.clear();
      for (const { id, name, hash, revokedAt } of rows) {
        if (revokedAt !== null) continue;
        byHash.set(addressOf(hash), { hash, identity: { keyId: id, keyName: name } });
      }
    },
    /** UTC ms of the last use that is not on disk yet, or null. */
    lastUsedAt: (keyId: string): number | null => lastUse.get(keyId)?.at ?? null,
    /** Writes the last uses that are still waiting. */
    flush(): void {
      for (const [keyId, { at }] of lastUse) store.update(keyId, { lastUsedAt: at });
    },
  };
}

function addressOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, 16).toString('latin1');
}
