import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock, Timer } from '../clock.ts';
import type { ClientIdentity, ClientKeyring } from '../ports.ts';
import type { ClientKeyRow, ClientKeyStore } from '../store-ports.ts';

/** Longest text that can be a key; anything longer is not even hashed. */
const MAX_KEY_LENGTH = 200;

/** Last uses are written together, this long after the first of them, ms. */
const WRITE_AFTER_MS = 30_000;

/** SHA-256 of a key. Keys are random, so a fast hash is enough: there is nothing to guess. */
export function hashOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

type Entry = { readonly hash: Uint8Array; readonly identity: ClientIdentity };

/**
 * The active keys for the guard. A key is found by the first half of its hash and then compared as a whole in
 * constant time. The look-up tells nothing: an attacker who could measure it would learn about hash values, which
 * he can neither choose nor turn back. Uses are noted in memory, so that no request waits for the disk.
 */
export function createKeyring(store: ClientKeyStore, clock: Clock, onWritten: () => void) {
  const byHash = new Map<string, Entry>();
  const lastUse = new Map<string, number>();
  const waiting = new Set<string>();
  let timer: Timer | null = null;

  function writeSoon(): void {
    timer ??= clock.after(WRITE_AFTER_MS, () => {
      timer = null;
      try {
        writeWaiting();
        onWritten();
      } catch {
        // A busy or full disk: the uses stay in memory and are written with the next ones.
        writeSoon();
      }
    });
  }

  function writeWaiting(): void {
    for (const keyId of waiting) {
      store.update(keyId, { lastUsedAt: lastUse.get(keyId) ?? null });
      waiting.delete(keyId);
    }
  }

  const keyring: ClientKeyring = {
    identify(presented) {
      if (presented.length === 0 || presented.length > MAX_KEY_LENGTH) return null;
      const presentedHash = hashOf(presented);
      const entry = byHash.get(addressOf(presentedHash));
      return entry !== undefined && timingSafeEqual(entry.hash, presentedHash) ? entry.identity : null;
    },
    touched(keyId, at) {
      lastUse.set(keyId, at);
      waiting.add(keyId);
      writeSoon();
    },
  };
  return {
    keyring,
    /** Takes over the keys as they are now; revoked ones are gone from the next request on. */
    load(rows: Iterable<ClientKeyRow>): void {
      byHash.clear();
      for (const { id, name, hash, revokedAt, exhaustion } of rows) {
        if (revokedAt !== null) continue;
        byHash.set(addressOf(hash), { hash, identity: { keyId: id, keyName: name, exhaustion } });
      }
    },
    /** UTC ms of the last use in this run, or null. */
    lastUsedAt: (keyId: string): number | null => lastUse.get(keyId) ?? null,
    /** Writes the last uses that are still waiting. @throws AppError of the store */
    flush(): void {
      timer?.cancel();
      timer = null;
      writeWaiting();
    },
  };
}

function addressOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, 16).toString('latin1');
}
