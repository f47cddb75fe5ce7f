import type { LimitBook, Verdict } from '../limit-ports.ts';
import type { AccountPool } from '../ports.ts';
import type { AdmissionGate, Visit } from '../routing-ports.ts';

/**
 * Refusals of a model or a kind of request. Another account may have it, so one is asked; a mistyped name is not
 * carried through the pool. The refusal is remembered, so later requests begin with accounts that have not refused.
 */
const MODEL_REFUSALS = new Set(['credits_required', 'model_not_found', 'permission_denied']);

/** Whether a verdict, or the rest it began, says that an account has not got something, as opposed to enough of it. */
export function isModelRefusal(code: string): boolean {
  return MODEL_REFUSALS.has(code);
}

type Rooms = { readonly limits: LimitBook; readonly accounts: AccountPool; readonly gate: AdmissionGate };

/** Bucket for which a verdict lets its account rest until a limit is over, or null. */
export function restedBucket({ code, cooldown }: Verdict): string | null {
  return cooldown === undefined || isModelRefusal(code) ? null : cooldown.bucket;
}

/** Lets an account rest, and with it those that draw from the same limits: the next request to each is a probe. */
export function restAccount(rooms: Rooms, accountId: string, verdict: Verdict, now: number): void {
  const { limits, accounts, gate } = rooms;
  limits.rest(accountId, verdict, now);
  const bucket = restedBucket(verdict);
  if (bucket === null) return;
  for (const id of accounts.sharing(accountId)) {
    // A refused login says nothing about the others of its organisation.
    const rests = limits.cooldowns(id, now).some((rest) => rest.bucket === bucket);
    if (id === accountId || rests) gate.rested(id, bucket);
  }
}

/** Lets nobody into an account, and into those that draw from the same limits, until it takes more. */
export function closeAccount(
  { accounts, gate }: Pick<Rooms, 'accounts' | 'gate'>,
  accountId: string,
  visit: Visit,
  { waitMs = 0 }: Verdict,
): void {
  for (const id of accounts.sharing(accountId)) gate.closed(id, visit, waitMs);
}
