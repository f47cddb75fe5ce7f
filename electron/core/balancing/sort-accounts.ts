import type { LimitBook } from '../limit-ports.ts';
import { isModelBucket } from '../limits/buckets.ts';
import type { Account, AccountPool, PlannedAccount, SkippedAccount } from '../ports.ts';

/** The accounts of a pool as one request finds them. */
export type Sorted = {
  readonly able: readonly Account[];
  readonly skipped: readonly SkippedAccount[];
  /** Skipped only because they lately said no to this model: worth asking when nobody else is left. */
  readonly lastResort: readonly PlannedAccount[];
};

/**
 * Tells the accounts that can serve what is asked now from those that cannot, each with its reason. `reserved` is the
 * account that is set aside for when nobody else can.
 */
export function sortAccounts(
  accounts: AccountPool,
  limits: LimitBook,
  { asked, now, reserved }: { asked: string | null; now: number; reserved: string | null },
): Sorted {
  const able: Account[] = [];
  const skipped: SkippedAccount[] = [];
  const lastResort: PlannedAccount[] = [];
  for (const account of accounts.all()) {
    const aside = account.id === reserved ? RESERVED : whyAside(account, accounts, limits, asked, now);
    if (aside === null) able.push(account);
    else {
      skipped.push({ account, reasonCode: aside.reasonCode, reason: aside.reason, until: aside.until });
      if (aside.mayAsk) lastResort.push({ account, reasonCode: 'last_resort', reason: aside.reason });
    }
  }
  return { able, skipped, lastResort };
}

/** Why an account cannot serve a request now. */
export type Aside = Omit<SkippedAccount, 'account'> & { readonly mayAsk: boolean };

const RESERVED: Aside = {
  reasonCode: 'reserved',
  reason: 'Set aside for when no other account can serve.',
  until: null,
  mayAsk: false,
};

/** Null when it can serve. */
export function whyAside(
  account: Account,
  accounts: AccountPool,
  limits: LimitBook,
  asked: string | null,
  now: number,
): Aside | null {
  if (account.paused) {
    return { reasonCode: 'paused', reason: 'Paused by you.', until: null, mayAsk: false };
  }
  const problem = accounts.problem(account.id);
  if (problem?.definitive === true) {
    return { reasonCode: 'sign_in_needed', reason: problem.reason, until: null, mayAsk: false };
  }
  const rest = limits.blocking(account.id, asked, now);
  if (rest === null) return null;
  const { reasonCode, reason, bucket } = rest;
  const helpless = bucket === '*' && limits.needsAttention(account.id, now);
  return { reasonCode, reason, until: helpless ? null : rest.until, mayAsk: isModelBucket(bucket) };
}
