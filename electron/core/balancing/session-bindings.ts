import type { Clock, Timer } from '../clock.ts';
import type { BindingRow, BindingStore } from '../store-ports.ts';
import { BoundCounts } from './bound-counts.ts';

/** Most bindings kept; the longest unused go first. */
export const MAX_BINDINGS = 10_000;

/** Changed bindings are written together after this, ms. */
const FLUSH_AFTER_MS = 2000;

/** Longer names of a session or model are not bound: no client has such, and they would cost memory. */
const MAX_NAME = 256;

/** Rows on disk are thinned after so many flushes. */
const PRUNE_EVERY = 100;

/** `usedAt`: last use by the steady clock, so that a jump of the wall clock ends no binding and keeps none. */
type Bound = BindingRow & { readonly usedAt: number };

/** Which account serves which (session, model), oldest use first; written through in batches. */
export class SessionBindings {
  readonly #store: BindingStore;
  readonly #clock: Clock;
  /** How long a binding lives after its last use, ms. */
  readonly #lifeMs: () => number;
  readonly #rows = new Map<string, Bound>();
  readonly #dirty = new Set<string>();
  readonly #counts = new BoundCounts();
  #timer: Timer | null = null;
  #flushes = 0;

  constructor(store: BindingStore, clock: Clock, lifeMs: () => number) {
    this.#store = store;
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    const [now, steady] = [clock.now(), clock.monotonic()];
    // The times of an earlier run are all there is of it; those ahead of now were noted by a clock that was wrong.
    for (const row of this.#fromDisk()) {
      this.#put({ ...row, usedAt: steady - Math.max(0, now - row.lastUsedAt) });
    }
    this.#shed();
  }

  /** Account that a session is bound to for a model, or null. */
  accountOf(sessionId: string, model: string): string | null {
    const row = this.#rows.get(keyOf(sessionId, model));
    return row !== undefined && this.#ageOf(row) <= this.#lifeMs() ? row.accountId : null;
  }

  /** Account of the newest use, or null. */
  newest(): string | null {
    let last: BindingRow | null = null;
    for (const row of this.#rows.values()) last = row;
    return last?.accountId ?? null;
  }

  /** Binds, binds anew, or notes another use. */
  bind(sessionId: string, model: string, accountId: string, now: number): void {
    if (sessionId.length > MAX_NAME || model.length > MAX_NAME) return;
    const key = keyOf(sessionId, model);
    const known = this.#rows.get(key);
    const boundAt = known?.accountId === accountId ? known.boundAt : now;
    this.#put({ sessionId, model, accountId, boundAt, lastUsedAt: now, usedAt: this.#clock.monotonic() });
    this.#dirty.add(key);
    this.#shed();
    this.#timer ??= this.#clock.after(FLUSH_AFTER_MS, () => this.flush());
  }

  /** Sessions bound to an account now. */
  sessionsOf(accountId: string): number {
    this.#shed();
    return this.#counts.of(accountId);
  }

  /** Binds every model of a session, and those to come, to an account. */
  move(sessionId: string, accountId: string, now: number): void {
    for (const { model } of this.#of(sessionId)) this.bind(sessionId, model, accountId, now);
    this.bind(sessionId, '', accountId, now);
  }

  /** Drops every binding of a session. */
  release(sessionId: string): void {
    for (const row of this.#of(sessionId)) this.#drop(keyOf(row.sessionId, row.model), row);
    this.#store.removeSession(sessionId);
  }

  /** Those in force, oldest use first. */
  rows(): Iterable<BindingRow> {
    this.#shed();
    return this.#rows.values();
  }

  /** Drops every binding of an account. */
  removeAccount(accountId: string): void {
    for (const [key, row] of this.#rows) if (row.accountId === accountId) this.#drop(key, row);
    this.#store.removeAccount(accountId);
  }

  /** Writes what has changed. Throws what the store throws; nothing is lost then but waits for the next time. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const rows = [...this.#dirty].flatMap((key) => this.#rows.get(key) ?? []).map(toRow);
    try {
      if (rows.length > 0) this.#store.put(rows);
      this.#dirty.clear();
      if (this.#flushes % PRUNE_EVERY === 0) {
        this.#store.prune(this.#clock.now() - this.#lifeMs(), MAX_BINDINGS);
      }
      this.#flushes += 1;
    } catch {
      // The rows stay marked, and the next binding sets the timer again: a busy file costs a delay only.
    }
  }

  #of(sessionId: string): BindingRow[] {
    return [...this.#rows.values()].filter((row) => row.sessionId === sessionId);
  }

  #fromDisk(): BindingRow[] {
    try {
      const rows = this.#store.list(this.#clock.now() - this.#lifeMs());
      return [...rows].sort((a, b) => a.lastUsedAt - b.lastUsedAt);
    } catch {
      // Without the file every session is bound anew: one cold cache each, nothing worse.
      return [];
    }
  }

  #ageOf({ usedAt }: Bound): number {
    return this.#clock.monotonic() - usedAt;
  }

  #put(row: Bound): void {
    const key = keyOf(row.sessionId, row.model);
    const known = this.#rows.get(key);
    if (known !== undefined) this.#rows.delete(key);
    this.#rows.set(key, row);
    if (known?.accountId === row.accountId) return;
    if (known !== undefined) this.#counts.remove(known);
    this.#counts.add(row);
  }

  /** Drops what is too old or too much; the map is in order of use, so it stops at the first that stays. */
  #shed(): void {
    const life = this.#lifeMs();
    for (const [key, row] of this.#rows) {
      if (this.#rows.size <= MAX_BINDINGS && this.#ageOf(row) <= life) return;
      this.#drop(key, row);
    }
  }

  #drop(key: string, row: BindingRow): void {
    this.#rows.delete(key);
    this.#dirty.delete(key);
    this.#counts.remove(row);
  }
}

function toRow({ usedAt: _, ...row }: Bound): BindingRow {
  return row;
}

function keyOf(sessionId: string, model: string): string {
  return `${sessionId}\n${model}`;
}
