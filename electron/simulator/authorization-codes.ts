import { createHash } from 'node:crypto';
import type { SimulatedAccountState } from './account-state.ts';

/** What a code was issued for; the exchange must repeat it. */
export type CodeRequest = {
  clientId: string;
  redirectUri: string;
  state: string;
  /** base64url(SHA-256(verifier)), RFC 7636. */
  codeChallenge: string;
  scopes?: string[];
};

/** The claim that a token request makes. */
export type CodeClaim = {
  code: string;
  clientId: string;
  redirectUri: string;
  state: string;
  verifier: string;
};

const LIFETIME_MS = 600_000;
const MAX_PENDING = 100;

type Pending = CodeRequest & { account: SimulatedAccountState; endsAt: number };

/** Authorization codes that wait for their exchange: single use, ten minutes, bound to redirect and challenge. */
export class PendingCodes {
  readonly #pending = new Map<string, Pending>();

  issue(code: string, account: SimulatedAccountState, request: CodeRequest, now: number): void {
    this.#pending.set(code, { ...request, account, endsAt: now + LIFETIME_MS });
    const oldest = this.#pending.keys().next();
    if (this.#pending.size > MAX_PENDING && !oldest.done) this.#pending.delete(oldest.value);
  }

  /** The account and scopes behind a claim, or null when anything about it is wrong. Uses the code up. */
  redeem(
    claim: CodeClaim,
    now: number,
  ): { account: SimulatedAccountState; scopes: string[] | undefined } | null {
    const pending = this.#pending.get(claim.code);
    this.#pending.delete(claim.code);
    if (!pending || pending.endsAt <= now || !repeats(pending, claim)) return null;
    return { account: pending.account, scopes: pending.scopes };
  }
}

function repeats(pending: Pending, claim: CodeClaim): boolean {
  return (
    pending.clientId === claim.clientId &&
    pending.redirectUri === claim.redirectUri &&
    pending.state === claim.state &&
    pending.codeChallenge === createHash('sha256').update(claim.verifier).digest('base64url')
  );
}
