import type { LimitBook, Verdict } from '../limit-ports.ts';
import { WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { AccountPool } from '../ports.ts';
import type { AdmissionGate } from '../routing-ports.ts';

/** Whether a verdict keeps everything from its account for a while, as opposed to one model or nothing. */
export function restsWhole({ scope, cooldown }: Verdict): boolean {
  return scope === 'account' && cooldown?.bucket === WHOLE_ACCOUNT;
}

/** Lets an account rest, and with it those that draw from the same limits: the next request to each is a probe. */
export function restAccount(
  rooms: { readonly limits: LimitBook; readonly accounts: AccountPool; readonly gate: AdmissionGate },
  accountId: string,
  verdict: Verdict,
  now: number,
): void {
  const { limits, accounts, gate } = rooms;
  limits.rest(accountId, verdict, now);
  if (!restsWhole(verdict)) return;
  for (const id of accounts.sharing(accountId)) {
    // A refused login says nothing about the others of its organisation.
    if (id === accountId || limits.blocking(id, null, now) !== null) gate.rested(id);
  }
}
