/** Numbers that repeat exactly for the same seed. */
export type Random = {
  /** Evenly spread in [0, 1). */
  next(): number;
  /** Whole number in [low, high], both included. */
  integer(low: number, high: number): number;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T;
};

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** mulberry32: 32 bits of state, public domain (Tommy Ettinger). Good enough for fixtures, never for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return { next, integer, pick: (items) => items[integer(0, items.length - 1)] as (typeof items)[number] };
}

/** A source of randomness for the `step`-th thing of a run, independent of what runs at the same time. */
export function randomFor(seed: number, step: number): Random {
  return createRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b));
}

/** `length` characters from the alphabet that the provider's ids use (base 58). */
export function randomText(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += ALPHABET.charAt(random.integer(0, ALPHABET.length - 1));
  return text;
}

/** Ids that depend on the seed and on how many were made before: `msg_01…`, `req_01…`. */
export function createIds(seed: number): (prefix: string) => string {
  let made = 0;
  return (prefix) => `${prefix}01${randomText(randomFor(seed, 1_000_000 + made++), 22)}`;
}
