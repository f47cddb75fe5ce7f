import type { CooldownView } from '../../../shared/account.ts';
import type { Verdict } from '../limit-ports.ts';
import { isModelBucket } from '../limits/buckets.ts';
import { UNKNOWN_RESET_MS } from '../limits/verdicts.ts';
import type { Account, PlannedAccount } from '../ports.ts';
import type { PassDeps, PassRequest } from './pass-contract.ts';
import { restAccount } from './rest-account.ts';

/**
 * Bucket of the rest that a plan knew of when it put an account in line all the same (its file lives there, or nobody
 * else is left to ask), else null. A plan is as old as its first account's turn; the others may rest since.
 */
export function restInPlan(
  { reasonCode }: PlannedAccount,
  isFirst: boolean,
  rest: CooldownView | null,
): string | null {
  if (rest === null || isFirst) return rest?.bucket ?? null;
  return reasonCode === 'last_resort' && isModelBucket(rest.bucket) ? rest.bucket : null;
}

const PAUSED_NOW: Verdict = {
  scope: 'account',
  action: 'next-account',
  code: 'paused',
  reason: 'You paused it before this was sent to it',
};

/**
 * Why an account gets nothing although it is in line, or null: as it is now, since a request may have waited for its
 * place, or because of what it could cost. `knownRest`: see {@link restInPlan}.
 */
export function asideNow(
  deps: PassDeps,
  account: Account,
  request: PassRequest,
  { rest, knownRest }: { readonly rest: CooldownView | null; readonly knownRest: string | null },
): Verdict | null {
  if (deps.accounts.get(account.id)?.paused === true) return PAUSED_NOW;
  if (rest !== null && rest.bucket !== knownRest) return restingNow(rest);
  return moneyAside(deps, account, request);
}

/** Why an account does not get a request that could cost more than its cap leaves, or null. */
function moneyAside(deps: PassDeps, account: Account, request: PassRequest): Verdict | null {
  // What this request had put aside for an earlier try is free for the next.
  request.ledger.pledged(null);
  const refusal = deps.caps.refusal(account, request);
  if (refusal === null) return null;
  const { code, words, window, tooLarge } = refusal;
  const reason = words.charAt(0).toUpperCase() + words.slice(1);
  const verdict: Verdict = { scope: 'account', action: 'next-account', code, reason };
  if (window === null || code !== 'cap_reached') return verdict;
  if (tooLarge) return window.until === null ? verdict : { ...verdict, backAt: window.until };
  const now = deps.clock.now();
  // A try asked for by hand is made all the same.
  if (deps.limits.cooldowns(account.id, now).some(({ probing }) => probing)) return null;
  const { bucket, until } = window;
  const rest = { bucket, until: until ?? now + UNKNOWN_RESET_MS, guessed: until === null };
  const left: Verdict = { ...verdict, code: 'overage_in_use', cooldown: { ...rest, evidence: [reason] } };
  restAccount(deps, account.id, left, now);
  deps.news.cooled(account, left);
  return left;
}

function restingNow({ reason }: CooldownView): Verdict {
  return {
    scope: 'account',
    action: 'next-account',
    code: 'rests_now',
    reason: `It began to rest before anything was sent to it: ${reason}`,
  };
}
