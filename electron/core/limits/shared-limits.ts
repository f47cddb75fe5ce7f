import type { CooldownView } from '../../../shared/account.ts';
import type { LimitBook } from '../limit-ports.ts';
import { isOwnRefusal } from './inherit-limits.ts';

/**
 * A limit book in which accounts that draw from the same limits are one: what one of them learns or meets holds for
 * all. `sharing` answers the ids of such a group, the account's own among them; it is kept under the first.
 */
export function shareLimits(
  book: LimitBook & { flush(): void },
  sharing: (id: string) => readonly string[],
): LimitBook & { flush(): void } {
  const keyOf = (id: string): string => sharing(id)[0] ?? id;
  /** Looks under the group's key and, for what was learned before the group was known, the account's own. */
  const either = <T>(id: string, look: (key: string) => T, join: (group: T, own: T) => T): T => {
    const key = keyOf(id);
    return key === id ? look(id) : join(look(key), look(id));
  };
  const both = (id: string, act: (key: string) => void): void => {
    const key = keyOf(id);
    act(key);
    if (key !== id) act(id);
  };

  return {
    observe: (id, headers, now) => book.observe(keyOf(id), headers, now),
    learn: (id, readings, now) => book.learn(keyOf(id), readings, now),
    rest: (id, verdict, now) => book.rest(isOwnRefusal(verdict.code) ? id : keyOf(id), verdict, now),
    blocking: (id, model, now) => either(id, (key) => book.blocking(key, model, now), later),
    cooldowns: (id, now) => either(id, (key) => book.cooldowns(key, now), joined),
    readings: (id) =>
      either(
        id,
        (key) => book.readings(key),
        (group, own) => (group.length > 0 ? group : own),
      ),
    needsAttention: (id, now) =>
      either(
        id,
        (key) => book.needsAttention(key, now),
        (a, b) => a || b,
      ),
    tryNow: (id, bucket, now) => both(id, (key) => book.tryNow(key, bucket, now)),
    served: (id, model) => both(id, (key) => book.served(key, model)),
    clear: (id, bucket) => both(id, (key) => book.clear(key, bucket)),
    forget: (id, heir) => book.forget(id, heir),
    onChange: (listener) => book.onChange(listener),
    flush: () => book.flush(),
  };
}

function later(a: CooldownView | null, b: CooldownView | null): CooldownView | null {
  if (a === null || b === null) return a ?? b;
  return (a.until ?? Number.POSITIVE_INFINITY) >= (b.until ?? Number.POSITIVE_INFINITY) ? a : b;
}

function joined(a: readonly CooldownView[], b: readonly CooldownView[]): readonly CooldownView[] {
  const buckets = new Set(a.map(({ bucket }) => bucket));
  return [...a, ...b.filter(({ bucket }) => !buckets.has(bucket))];
}
