import type { LimitReading } from '../../../shared/account.ts';
import type { AccountLimits } from './account-limits.ts';
import { mergeLearned, sameReading } from './merge-readings.ts';
import type { Noted } from './note-headers.ts';

/** Readings of an account from which on the usage page adds no new bucket. */
const MAX_READINGS = 32;

/**
 * Takes readings of the provider's usage page into an account's own. Those of a time after `now` count as read at
 * `now`, and no bucket of the page pushes one of the headers out.
 */
export function noteLearned(limits: AccountLimits, readings: readonly LimitReading[], now: number): Noted {
  let noted: Noted = 'nothing';
  for (const reading of readings) {
    const fresh = reading.observedAt > now ? { ...reading, observedAt: now } : reading;
    const known = limits.readings.get(fresh.bucket);
    if (known === undefined && limits.readings.size >= MAX_READINGS) continue;
    const merged = mergeLearned(known, fresh);
    if (merged === known) continue;
    limits.readings.set(fresh.bucket, merged);
    limits.listed = null;
    limits.unsaved = true;
    if (known?.status !== merged.status) noted = 'status';
    else if (noted === 'nothing' && !sameReading(known, merged)) noted = 'numbers';
  }
  return noted;
}
