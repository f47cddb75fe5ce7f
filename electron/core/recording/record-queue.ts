/** First in, first out; its owner keeps the bound by dropping the oldest. */
export type RecordQueue<T> = {
  length(): number;
  /** Adds to the end. */
  push(item: T): void;
  /** Takes up to `count` from the front. */
  take(count: number): T[];
  /** Drops the oldest; false when there is none. */
  dropOldest(): boolean;
};

/** Gaps at the front of the array are closed once there are this many, so that each removal stays cheap. */
const COMPACT_AT = 1024;

/** A queue whose operations cost the same whatever its length (an array's own `shift` moves every item). */
export function createRecordQueue<T>(): RecordQueue<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  const compact = () => {
    if (head === items.length) {
      items = [];
      head = 0;
    } else if (head >= COMPACT_AT) {
      items = items.slice(head);
      head = 0;
    }
  };
  return {
    length: () => items.length - head,
    push(item) {
      items.push(item);
    },
    take(count) {
      const taken = items.slice(head, head + count) as T[];
      head += taken.length;
      compact();
      return taken;
    },
    dropOldest() {
      if (head === items.length) return false;
      items[head] = undefined;
      head += 1;
      compact();
      return true;
    },
  };
}
