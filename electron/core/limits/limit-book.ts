import type { CooldownView, LimitReading } from '../../../shared/account.ts';
import type { Clock, Timer } from '../clock.ts';
import type { HeaderLookup, LimitBook, Verdict } from '../limit-ports.ts';
import type { Logger } from '../ports.ts';
import type { CooldownRow, LimitStore } from '../store-ports.ts';
import {
  type AccountLimits,
  emptyLimits,
  endOf,
  isGuess,
  isKnown,
  isOver,
  type Rest,
  shiftBack,
  surplusModel,
  viewOf,
} from './account-limits.ts';
import { bucketCovers, WHOLE_ACCOUNT } from './buckets.ts';
import { inheritLimits } from './inherit-limits.ts';
import { climb } from './ladder.ts';
import { createLimitPersistence, type LimitPersistence } from './limit-persistence.ts';
import { noteHeaders } from './note-headers.ts';
import { noteLearned } from './usage-learn.ts';

/** A rest really ends a little after its shown end, so that sessions do not come back in step, ms at most. */
const MAX_JITTER_MS = 2000;
/** And never by more than this share of its length. */
const JITTER_SHARE = 0.02;

const NO_READINGS: readonly LimitReading[] = [];
const NO_COOLDOWNS: readonly CooldownView[] = [];

type Deps = {
  store: LimitStore;
  clock: Clock;
  log: Logger;
  /** 0 <= r < 1; for the jitter. */
  random?: () => number;
};

/** Rests and readings of every account, in memory; `flush` writes the readings that wait for their turn. */
export function createLimitBook(deps: Deps): LimitBook & { flush(): void } {
  return new Book(deps);
}

class Book implements LimitBook {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #random: () => number;
  readonly #disk: LimitPersistence;
  readonly #accounts = new Map<string, AccountLimits>();
  readonly #listeners = new Set<(accountId: string) => void>();
  /** Accounts with a rest that is over and that listeners have not heard of. */
  readonly #ended = new Set<string>();
  #timer: Timer | null = null;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor({ store, clock, log, random = Math.random }: Deps) {
    this.#clock = clock;
    this.#log = log;
    this.#random = random;
    this.#disk = createLimitPersistence({ store, clock, log });
    this.#load();
  }

  observe(accountId: string, headers: HeaderLookup, now: number): void {
    const limits = this.#of(accountId);
    const noted = noteHeaders(limits, headers, now);
    if (limits.unsaved) this.#disk.saveReadings(accountId, limits, noted === 'status');
    if (noted !== 'nothing') this.#changed(accountId);
  }

  rest(accountId: string, verdict: Verdict, now: number): void {
    const { cooldown } = verdict;
    if (cooldown === undefined) return;
    const limits = this.#of(accountId);
    this.#dropOver(accountId, limits, now);
    const known = limits.rests.get(cooldown.bucket);
    const ladder = cooldown.ladder === true;
    const told = known && viewOf(known, now, this.#clock.monotonic()).until;
    if (isKnown(known, cooldown.until, ladder, told)) return;
    const until = ladder ? climb(limits, now) : cooldown.until;
    const row: CooldownRow = {
      accountId,
      bucket: cooldown.bucket,
      reasonCode: verdict.code,
      reason: sentence(verdict.reason),
      startedAt: Math.min(known?.row.startedAt ?? now, now),
      until,
      guessed: isGuess(cooldown),
      evidence: cooldown.evidence.slice(0, 12).map((line) => line.slice(0, 300)),
      attention: cooldown.attention === true,
    };
    this.#start(limits, row, now);
    this.#disk.putCooldown(row);
    const surplus = surplusModel(limits);
    if (surplus !== null) this.#end(accountId, limits, [surplus]);
    this.#log.info('cooldown_started', {
      account: accountId,
      bucket: row.bucket,
      code: row.reasonCode,
      until,
    });
    this.#changed(accountId);
  }

  learn(accountId: string, readings: readonly LimitReading[], now: number): void {
    const limits = this.#of(accountId);
    const noted = noteLearned(limits, readings, now);
    if (limits.unsaved) this.#disk.saveReadings(accountId, limits, noted === 'status');
    if (noted !== 'nothing') this.#changed(accountId);
  }

  blocking(accountId: string, model: string | null, now: number): CooldownView | null {
    const limits = this.#accounts.get(accountId);
    if (limits === undefined || limits.rests.size === 0) return null;
    this.#dropOver(accountId, limits, now);
    const steady = this.#clock.monotonic();
    let longest: Rest | null = null;
    for (const rest of limits.rests.values()) {
      if (rest.probing || !bucketCovers(rest.view.bucket, model)) continue;
      if (longest === null || endOf(rest, now, steady) > endOf(longest, now, steady)) longest = rest;
    }
    return longest === null ? null : viewOf(longest, now, steady);
  }

  cooldowns(accountId: string, now: number): readonly CooldownView[] {
    const limits = this.#accounts.get(accountId);
    return limits === undefined || limits.rests.size === 0
      ? NO_COOLDOWNS
      : this.#current(accountId, limits, now);
  }

  readings(accountId: string): readonly LimitReading[] {
    const limits = this.#accounts.get(accountId);
    if (limits === undefined) return NO_READINGS;
    limits.listed ??= [...limits.readings.values()];
    return limits.listed;
  }

  needsAttention(accountId: string, now: number): boolean {
    const limits = this.#accounts.get(accountId);
    if (limits === undefined || limits.rests.size === 0) return false;
    this.#dropOver(accountId, limits, now);
    for (const { row, probing } of limits.rests.values()) if (row.attention && !probing) return true;
    return false;
  }

  tryNow(accountId: string, bucket: string, now: number): void {
    const limits = this.#accounts.get(accountId);
    if (limits === undefined) return;
    this.#dropOver(accountId, limits, now);
    let some = false;
    for (const [name, rest] of limits.rests) {
      if (rest.probing || (bucket !== WHOLE_ACCOUNT && name !== bucket)) continue;
      limits.rests.set(name, { ...rest, probing: true });
      some = true;
    }
    if (some) this.#changed(accountId);
  }

  served(accountId: string, model: string | null): void {
    const limits = this.#accounts.get(accountId);
    if (limits === undefined || limits.rests.size === 0) return;
    const worked = [...limits.rests]
      .filter(([bucket, rest]) => rest.probing && bucketCovers(bucket, model))
      .map(([bucket]) => bucket);
    if (this.#end(accountId, limits, worked)) this.#changed(accountId);
  }

  clear(accountId: string, bucket: string): void {
    const limits = this.#accounts.get(accountId);
    if (limits === undefined) return;
    const ended = bucket === WHOLE_ACCOUNT ? [...limits.rests.keys()] : [bucket];
    limits.ladder = { steps: 0, endedAt: 0 };
    if (this.#end(accountId, limits, ended)) this.#changed(accountId);
  }

  forget(accountId: string, heir?: string): void {
    const limits = this.#accounts.get(accountId);
    if (limits !== undefined && heir !== undefined) this.#inherit(heir, limits);
    this.#accounts.delete(accountId);
    this.#disk.removeAccount(accountId);
    this.#changed(accountId);
  }

  onChange(listener: (accountId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  flush(): void {
    this.#disk.flush();
  }

  #load(): void {
    const now = this.#clock.now();
    const { cooldowns, readings } = this.#disk.load();
    for (const { accountId, reading } of readings) this.#of(accountId).readings.set(reading.bucket, reading);
    for (const stored of cooldowns) {
      const row = shiftBack(stored, now);
      if (row !== stored) this.#disk.putCooldown(row);
      if (row.until === null || row.until > now) this.#start(this.#of(row.accountId), row, now);
      else this.#disk.removeCooldown(row.accountId, row.bucket);
    }
  }

  #of(accountId: string): AccountLimits {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) return known;
    const limits = emptyLimits();
    this.#accounts.set(accountId, limits);
    return limits;
  }

  #inherit(heir: string, limits: AccountLimits): void {
    const own = this.#of(heir);
    for (const row of inheritLimits(own, limits, heir)) this.#disk.putCooldown(row);
    if (own.unsaved) this.#disk.saveReadings(heir, own, true);
    this.#changed(heir);
  }

  #start(limits: AccountLimits, row: CooldownRow, now: number): void {
    const length = row.until === null ? Number.POSITIVE_INFINITY : Math.max(0, row.until - now);
    const jitter = row.until === null ? 0 : Math.min(MAX_JITTER_MS, length * JITTER_SHARE) * this.#random();
    const endsAt = (row.until ?? Number.POSITIVE_INFINITY) + jitter;
    const steadyEnd = this.#clock.monotonic() + length + jitter;
    const { accountId: _, attention: __, ...view } = row;
    limits.rests.set(row.bucket, {
      row,
      view: { ...view, probing: false },
      endsAt,
      steadyEnd,
      probing: false,
    });
    if (row.until !== null) this.#wakeAt(steadyEnd);
  }

  #current(accountId: string, limits: AccountLimits, now: number): CooldownView[] {
    this.#dropOver(accountId, limits, now);
    const steady = this.#clock.monotonic();
    return [...limits.rests.values()].map((rest) => viewOf(rest, now, steady));
  }

  /** Ends what is over; listeners hear of it with the timer, so a look at the book never calls them. */
  #dropOver(accountId: string, limits: AccountLimits, now: number): void {
    const steady = this.#clock.monotonic();
    let over: string[] | null = null;
    for (const [bucket, rest] of limits.rests) {
      if (isOver(rest, now, steady)) over = [...(over ?? []), bucket];
    }
    if (over === null) return;
    this.#end(accountId, limits, over);
    this.#wakeAt(steady);
  }

  #end(accountId: string, limits: AccountLimits, buckets: readonly string[]): boolean {
    let some = false;
    for (const bucket of buckets) {
      if (!limits.rests.delete(bucket)) continue;
      some = true;
      this.#ended.add(accountId);
      this.#disk.removeCooldown(accountId, bucket);
    }
    return some;
  }

  #wakeAt(steady: number): void {
    if (steady >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = steady;
    this.#timer = this.#clock.after(Math.max(0, steady - this.#clock.monotonic()), () => this.#wake());
  }

  #wake(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    for (const [accountId, limits] of this.#accounts) this.#dropOver(accountId, limits, now);
    this.#timer?.cancel();
    this.#timerAt = Number.POSITIVE_INFINITY;
    for (const { rests } of this.#accounts.values()) {
      for (const { steadyEnd } of rests.values()) if (Number.isFinite(steadyEnd)) this.#wakeAt(steadyEnd);
    }
    const ended = [...this.#ended];
    this.#ended.clear();
    for (const accountId of ended) this.#changed(accountId);
  }

  #changed(accountId: string): void {
    for (const listener of this.#listeners) listener(accountId);
  }
}

function sentence(words: string): string {
  return words.endsWith('.') ? words : `${words}.`;
}
