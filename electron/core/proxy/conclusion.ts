import { formatDuration } from '../../../shared/format.ts';
import type { LimitBook, Verdict } from '../limit-ports.ts';
import type { Account, Plan } from '../ports.ts';
import type { Attempt } from './attempt.ts';
import { PLEDGED_LOOK_MS } from './caps.ts';
import type { ErrorDetail } from './own-answers.ts';
import { OWN_ERRORS, type OwnErrorCode } from './own-errors.ts';
import type { PassEnd } from './pass-contract.ts';
import { spentWindowHeaders } from './pool-window.ts';
import { isModelRefusal } from './rest-account.ts';
import { earliestReturn, type Resting, type Return, restingOf } from './routing.ts';

/** The last account's own answer, since every account would say the same. */
type Original = { readonly kind: 'original'; readonly attempt: Attempt; readonly verdict: Verdict };

/** An error of our own. */
export type ErrorConclusion = {
  readonly kind: 'error';
  readonly code: OwnErrorCode;
  readonly detail: ErrorDetail & { readonly message: string };
  /** UTC ms at which the first account that could serve is asked again; null when none is by itself. */
  readonly backAt: number | null;
};

/** What the client gets when no account's answer could be delivered at once. */
export type Conclusion = Original | ErrorConclusion;

/** A return further away than this is nothing a client should wait for, ms. */
const WORTH_WAITING_MS = 60_000;

/** Decides how a request ends that no account could serve. */
export function conclude(
  end: PassEnd,
  plan: Plan,
  limits: LimitBook,
  asked: string | null,
  now: number,
): Conclusion {
  const { attempt, verdict, account } = end;
  const resting = restingOf(plan, limits, asked, now);
  if (
    attempt !== null &&
    verdict !== null &&
    verdict.hideFromClient !== true &&
    speaksForAll(verdict, resting)
  ) {
    return { kind: 'original', attempt, verdict };
  }
  if (end.network) return unreachable(end);
  const back = sooner(earliestReturn(resting, limits, now), moneyReturn(end, now));
  if (back !== null) {
    return exhausted(plan, back, now, spentWindowHeaders(plan, limits, asked, now));
  }
  if (account === null) return nobody(plan);
  if (verdict?.code === 'proxy_loop') {
    return error('proxy_loop', `The address of the account "${account.name}" is this proxy itself.`);
  }
  if (verdict?.hideFromClient === true) {
    return error(
      'account_refused',
      `The account "${account.name}" cannot be used: ${clause(verdict.reason)}. Open ccflare to repair it.`,
    );
  }
  const [first] = resting;
  return first === undefined
    ? down(plan, account, verdict?.reason ?? '')
    : down(plan, first.account, first.rest.reason);
}

/**
 * Errors of the provider as a whole, or about the request: another account would have answered alike. One that lacks
 * the model speaks for itself only; but when no other is left that might have it, its words are the answer.
 */
function speaksForAll(verdict: Verdict, resting: readonly Resting[]): boolean {
  if (verdict.scope === 'account') return false;
  return verdict.scope !== 'account-model' || (isModelRefusal(verdict.code) && resting.length === 0);
}

function unreachable({ account, verdict }: PassEnd): ErrorConclusion {
  const code = verdict?.code.includes('timeout') === true ? 'upstream_timeout' : 'upstream_unreachable';
  const who = account === null ? '' : ` (account "${account.name}")`;
  return error(
    code,
    `${OWN_ERRORS[code].message.slice(0, -1)}${who}: ${verdict?.reason ?? 'connection failed'}`,
  );
}

function exhausted(plan: Plan, back: Return, now: number, headers: readonly string[]): ErrorConclusion {
  const waitMs = back.at - now;
  const words = wordsOf(back, formatDuration(waitMs), hasOneWay(plan));
  const far = waitMs > WORTH_WAITING_MS ? { retry: false } : {};
  return { ...error('pool_exhausted', words, { retryAfterMs: waitMs, headers, ...far }), backAt: back.at };
}

function nobody(plan: Plan): ErrorConclusion {
  const [first] = plan.skipped;
  if (first === undefined) return error('no_accounts', OWN_ERRORS.no_accounts.message);
  return down(plan, first.account, first.reason);
}

/**
 * An account whose cap may have room again when the requests under way have ended, or which will do without paid
 * overage again.
 */
function moneyReturn({ account, verdict }: PassEnd, now: number): Return | null {
  if (account === null || verdict === null) return null;
  const { code, reason: why, backAt } = verdict;
  if (code === 'cap_pledged') return { account, at: now + PLEDGED_LOOK_MS, known: false, why };
  return backAt === undefined ? null : { account, at: backAt, known: true, why };
}

function sooner(a: Return | null, b: Return | null): Return | null {
  if (a === null || b === null) return a ?? b;
  return b.at < a.at ? b : a;
}

function wordsOf({ account: { name }, known, why }: Return, wait: string, one: boolean): string {
  if (why !== undefined) {
    return `No account can serve this request now. "${name}" is asked again in ${wait}: ${why}.`;
  }
  const only = `Only "${name}" can serve this request, and`;
  if (known && one) return `${only} it is back in ${wait}.`;
  if (known) return `No account can serve this request now. The first one is back in ${wait}.`;
  const nobody = one
    ? `${only} nobody knows when`
    : 'No account can serve this request now, and nobody knows when one';
  return `${nobody} is back. "${name}" is asked again in ${wait}.`;
}

/** The request is for one account, whatever the others could do. */
function hasOneWay({ skipped }: Plan): boolean {
  return skipped.some(({ reasonCode }) => reasonCode === 'pinned_elsewhere');
}

function down(plan: Plan, { name }: Account, reason: string): ErrorConclusion {
  // A pin may be to an account that is gone: then the first is one that is not asked.
  const first = plan.accounts[0] ?? plan.skipped[0];
  const only = hasOneWay(plan) && first?.reasonCode !== 'pinned_elsewhere';
  return error(
    'pool_down',
    only
      ? `Only "${name}" can serve this request: ${reason}`
      : `No account can serve this request. "${name}": ${reason}`,
  );
}

function error(code: OwnErrorCode, message: string, detail: ErrorDetail = {}): ErrorConclusion {
  return { kind: 'error', code, detail: { ...detail, message }, backAt: null };
}

/** Reasons of limits are sentences, those of answers are not. */
function clause(reason: string): string {
  return reason.endsWith('.') ? reason.slice(0, -1) : reason;
}

/** Why an answer was delivered, in one sentence. */
export function whyDelivered(account: string | null, { code, reason }: Verdict): string {
  if (account === null) return reason;
  return code === 'ok' ? `"${account}" answered.` : `The answer of "${account}" was delivered: ${reason}`;
}
