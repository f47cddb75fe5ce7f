import type { HeaderLookup } from '../limit-ports.ts';
import type { AccountLimits } from './account-limits.ts';
import { withImplied } from './imply-readings.ts';
import { mergeReading, sameReading } from './merge-readings.ts';
import { limitFields, readLimitHeaders } from './read-headers.ts';

/** Readings with the values of last time are taken anew only after this, ms; it only moves their age. */
const UNCHANGED_MS = 5000;

/** Most readings kept per account. */
const MAX_READINGS = 40;

/** What an answer's headers changed: nothing, numbers, or a state a person would act on. */
export type Noted = 'nothing' | 'numbers' | 'status';

/** Takes the rate-limit headers of an answer into an account's readings. */
export function noteHeaders(limits: AccountLimits, headers: HeaderLookup, now: number): Noted {
  if (!saysNew(limits, headers, now)) return 'nothing';
  let noted: Noted = 'nothing';
  for (const fresh of withImplied(readLimitHeaders(headers, now), headers)) {
    const known = limits.readings.get(fresh.bucket);
    const merged = mergeReading(known, fresh);
    if (merged === known) continue;
    limits.readings.set(fresh.bucket, merged);
    if (known?.status !== merged.status) noted = 'status';
    else if (noted === 'nothing' && !sameReading(known, merged)) noted = 'numbers';
  }
  while (limits.readings.size > MAX_READINGS) dropFirst(limits.readings);
  limits.listed = null;
  limits.readAt = now;
  limits.unsaved = true;
  return noted;
}

function saysNew(limits: AccountLimits, headers: HeaderLookup, now: number): boolean {
  let some = false;
  let changed = false;
  for (const [name, value] of limitFields(headers)) {
    some = true;
    if (limits.seen.get(name) === value) continue;
    changed = true;
    if (limits.seen.size > 200) limits.seen.clear();
    limits.seen.set(name, value);
  }
  return changed || (some && Math.abs(now - limits.readAt) >= UNCHANGED_MS);
}

function dropFirst(readings: Map<string, unknown>): void {
  for (const bucket of readings.keys()) {
    readings.delete(bucket);
    return;
  }
}
