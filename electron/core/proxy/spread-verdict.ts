import type { Verdict } from '../limit-ports.ts';
import type { Account } from '../ports.ts';
import type { Attempt } from './attempt.ts';
import type { PassDeps, PassRequest } from './pass-contract.ts';
import { closeAccount, restAccount } from './rest-account.ts';
import type { Stay } from './trail.ts';

/** One judged attempt. */
export type JudgedAttempt = {
  readonly attempt: Attempt;
  readonly account: Account;
  readonly verdict: Verdict;
  /** There was no answer. */
  readonly network: boolean;
  readonly request: PassRequest;
  readonly here: Stay;
};

/**
 * Lets everybody know what came back of an account. The limits come first: whom the gate sends on looks there, and
 * must find the rest.
 */
export function spreadVerdict(deps: PassDeps, judged: JudgedAttempt): void {
  const { account, verdict, request, here } = judged;
  if (verdict.cooldown !== undefined) {
    restAccount(deps, account.id, verdict, deps.clock.now());
    deps.news.cooled(account, verdict);
  }
  if (verdict.closes === true) closeAccount(deps, account.id, request, verdict);
  if (provesRoom(deps, judged)) deps.gate.served(account.id, request, here.place);
  noteRefusedKey(deps, judged);
}

/** Lets the pool know that a key is refused; where a refresh could help, the verdict asks for one itself. */
function noteRefusedKey({ accounts }: PassDeps, { attempt, account, verdict, here }: JudgedAttempt): void {
  const { credential, status } = attempt;
  if (account.kind !== 'api-key' || credential === null || here.refreshed) return;
  if (status !== 401 || verdict.action === 'refresh-credential') return;
  accounts.credentialRefused(account.id, credential, verdict.reason).catch(() => undefined);
}

/** A good answer, unless the account rests again, or for the overage that was paid for this very one. */
function provesRoom({ limits, clock }: PassDeps, { attempt, account, network }: JudgedAttempt): boolean {
  if (network || attempt.status >= 400) return false;
  return limits.blocking(account.id, null, clock.now()) === null;
}
