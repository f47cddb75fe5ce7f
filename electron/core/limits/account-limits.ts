import type { CooldownView, LimitReading } from '../../../shared/account.ts';
import type { Verdict } from '../limit-ports.ts';
import type { CooldownRow } from '../store-ports.ts';
import { isModelBucket, namesModel } from './buckets.ts';

/** A rest and when it really ends: a little after what is shown, or by the steady clock when the wall clock jumps. */
export type Rest = {
  readonly row: CooldownRow;
  readonly view: CooldownView;
  readonly endsAt: number;
  readonly steadyEnd: number;
  /** Brought forward by hand: it blocks nobody until the next refusal. */
  readonly probing: boolean;
};

/** What is known about the limits of one account. */
export type AccountLimits = {
  readonly rests: Map<string, Rest>;
  readonly readings: Map<string, LimitReading>;
  /** The readings as handed out; made anew after a change. */
  listed: readonly LimitReading[] | null;
  /** Header values as last read, so that an answer which says nothing new is not read again. */
  seen: Map<string, string>;
  readAt: number;
  /** Steps taken on the ladder, and when the last of its rests ended (UTC ms). */
  ladder: { steps: number; endedAt: number };
  /** Readings that are not on disk yet. */
  unsaved: boolean;
  savedAt: number;
};

/** An account nothing is known about. */
export function emptyLimits(): AccountLimits {
  return {
    rests: new Map(),
    readings: new Map(),
    listed: null,
    seen: new Map(),
    readAt: Number.NEGATIVE_INFINITY,
    ladder: { steps: 0, endedAt: 0 },
    unsaved: false,
    savedAt: Number.NEGATIVE_INFINITY,
  };
}

/**
 * Whether what is known already says all that a new refusal says. Requests that were under way together are refused
 * together: that is one refusal, not many. One that was let through for a try has said something new.
 */
export function isKnown(
  known: Rest | undefined,
  until: number | null,
  ladder: boolean,
  knownUntil: number | null = known?.row.until ?? null,
): boolean {
  if (known === undefined || known.probing) return false;
  return ladder || !isLonger(until, knownUntil);
}

/** Whether the end of a rest is our own guess: nobody states how long a model is refused, or when a person pays. */
export function isGuess(cooldown: NonNullable<Verdict['cooldown']>): boolean {
  const { bucket, until, ladder, guessed, attention } = cooldown;
  if (until === null) return false;
  return ladder === true || guessed === true || attention === true || isModelBucket(bucket);
}

function isLonger(a: number | null, b: number | null): boolean {
  return (a ?? Number.POSITIVE_INFINITY) > (b ?? Number.POSITIVE_INFINITY);
}

/** Rests of single models kept per account: their names are the client's, so they could be endless. */
const MAX_MODELS = 64;

/** The oldest rest of a single model when there are too many of them, else null. */
export function surplusModel({ rests }: AccountLimits): string | null {
  if (rests.size <= MAX_MODELS) return null;
  for (const bucket of rests.keys()) if (namesModel(bucket)) return bucket;
  return null;
}

/** Whether a rest is over by either clock: one of them may have jumped, or stood still while the computer slept. */
export function isOver(rest: Rest, now: number, steady: number): boolean {
  return rest.endsAt <= now || rest.steadyEnd <= steady;
}

/** When a rest really ends, in the time of the wall clock as it stands now: it may have been set back. */
export function endOf({ endsAt, steadyEnd }: Rest, now: number, steady: number): number {
  return Math.min(endsAt, now + steadyEnd - steady);
}

/** By so much the clocks may run apart before what is told follows the steady one, ms. */
const DRIFT_MS = 1000;

/**
 * A rest as it is told: within its jitter, and when the wall clock was set back, with its real end, so that nobody
 * reads a time gone by, or hours where minutes are left.
 */
export function viewOf(rest: Rest, now: number, steady: number): CooldownView {
  const { view, probing } = rest;
  if (probing) return { ...view, probing };
  if (view.until === null) return view;
  const end = endOf(rest, now, steady);
  if (view.until - end > DRIFT_MS) return { ...view, until: Math.ceil(end / 1000) * 1000 };
  return view.until <= now ? { ...view, until: Math.ceil(end) } : view;
}

/** A rest of an earlier run, whose times are all that is left of it. One from the future lasts its length from now. */
export function shiftBack(row: CooldownRow, now: number): CooldownRow {
  if (row.startedAt <= now || row.until === null) return row;
  return { ...row, startedAt: now, until: now + Math.max(0, row.until - row.startedAt) };
}
