import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Random bytes of a verifier and of a state; 32 make 43 characters (RFC 7636 section 4.1). */
const RANDOM_BYTES = 32;

/** A fresh random value in base64url, for a verifier or a state. */
export function randomText(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

/** The S256 challenge of a verifier (RFC 7636 section 4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** Compares without telling by its time where two texts begin to differ, or how long they are. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
