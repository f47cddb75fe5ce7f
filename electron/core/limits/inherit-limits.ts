import type { CooldownRow } from '../store-ports.ts';
import { type AccountLimits, isKnown } from './account-limits.ts';
import { mergeReading } from './merge-readings.ts';

/** Whether a refusal is about one login or key, whoever shares its limits. */
export function isOwnRefusal(code: string): boolean {
  return code === 'auth_refused';
}

/**
 * Takes what a group of accounts has met out of the limits of the one that stood for it and that is removed. Answers
 * the rests that `heir` has now and had not before.
 */
export function inheritLimits(heirs: AccountLimits, limits: AccountLimits, heir: string): CooldownRow[] {
  const rows: CooldownRow[] = [];
  for (const [bucket, rest] of limits.rests) {
    const { row, view } = rest;
    if (isOwnRefusal(view.reasonCode) || isKnown(heirs.rests.get(bucket), row.until, false)) continue;
    const inherited = { ...row, accountId: heir };
    heirs.rests.set(bucket, { ...rest, row: inherited });
    rows.push(inherited);
  }
  for (const [bucket, reading] of limits.readings) {
    heirs.readings.set(bucket, mergeReading(heirs.readings.get(bucket), reading));
    heirs.unsaved = true;
  }
  heirs.listed = null;
  return rows;
}
