import type { Verdict } from '../limit-ports.ts';
import type { Account } from '../ports.ts';
import type { Attempt } from './attempt.ts';
import type { PassDeps } from './pass-contract.ts';
import { restAccount, restsWhole } from './rest-account.ts';

/** One judged attempt. */
export type JudgedAttempt = {
  readonly attempt: Attempt;
  readonly account: Account;
  readonly verdict: Verdict;
  /** There was no answer. */
  readonly network: boolean;
  readonly inference: boolean;
  /** It used a credential that was refreshed for this request. */
  readonly refreshedHere: boolean;
};

/**
 * Lets everybody know what came back of an account. The limits come first: whom the gate sends on looks there, and
 * must find the rest.
 */
export function spreadVerdict(deps: PassDeps, judged: JudgedAttempt): void {
  const { account, verdict } = judged;
  if (verdict.cooldown !== undefined) {
    restAccount(deps, account.id, verdict, deps.clock.now());
    deps.news.cooled(account, verdict);
  }
  deps.gate.answered(account.id, outcomeOf(deps, judged));
  noteRefusedKey(deps, judged);
}

/** Lets the pool know that a key is refused; where a refresh could help, the verdict asks for one itself. */
function noteRefusedKey(
  { accounts }: PassDeps,
  { attempt, account, verdict, refreshedHere }: JudgedAttempt,
): void {
  const { credential, status } = attempt;
  if (account.kind !== 'api-key' || credential === null || refreshedHere) return;
  if (status !== 401 || verdict.action === 'refresh-credential') return;
  accounts.credentialRefused(account.id, credential, verdict.reason).catch(() => undefined);
}

/** Answers that were under way when a rest began prove nothing, nor do those that no limit counts. */
function outcomeOf(
  { limits, clock }: PassDeps,
  { attempt, account, verdict, network, inference }: JudgedAttempt,
): 'ok' | 'limited' | 'other' {
  if (restsWhole(verdict)) return 'limited';
  if (network || !inference || attempt.status >= 400) return 'other';
  return limits.blocking(account.id, null, clock.now()) === null ? 'ok' : 'other';
}
