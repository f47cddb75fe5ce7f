import { randomFillSync, randomUUID } from 'node:crypto';

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/** Ten random bytes from a pool that is refilled rarely, since one system call per request would be felt. */
function randomPart(): string {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 10;
  return pool.toString('hex', used - 10, used);
}

/** A time-ordered UUIDv7 (RFC 9562): 48 bits of `now` in UTC ms, the rest random. */
export function timeOrderedId(now: number): string {
  const time = Math.trunc(now).toString(16).padStart(12, '0');
  const random = randomPart();
  const variant = ((Number.parseInt(random.charAt(3), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** A random id for accounts, keys and the like. */
export function randomId(): string {
  return randomUUID();
}
