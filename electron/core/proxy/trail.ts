import type { CooldownView } from '../../../shared/account.ts';
import type { Verdict } from '../limit-ports.ts';
import { WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Account } from '../ports.ts';
import type { AdmissionGate } from '../routing-ports.ts';
import type { Attempt } from './attempt.ts';
import type { PassEnd } from './pass-contract.ts';
import type { ProxyEvents } from './proxy-events.ts';
import { isModelRefusal, restedBucket } from './rest-account.ts';
import { endpointOf } from './routing.ts';

/** An account that is passed over for these is not to be had for others either. */
const GONE = new Set(['paused', 'credential_problem']);

/** What happened at the account that a pass is at now. */
export type Stay = {
  retries: number;
  refreshed: boolean;
  staleRetried: boolean;
  /** The running try was not worth a word yet and is sent again. */
  resuming: boolean;
  /** Of its last try at the gate. */
  place: number;
};

/** Nothing yet. */
export function freshStay(): Stay {
  return { retries: 0, refreshed: false, staleRetried: false, resuming: false, place: 0 };
}

/** What a pass has behind it: which accounts it left and why, and what remains of them for its end. */
export class Trail {
  /** Bucket of the rest for which an account was left: whoever gets this request gets the others after it, too. */
  switching: string | null = null;
  /** An account was left for trouble of the provider, for which there is one hop. */
  hopped = false;
  /** An account was left for money that only this request would not get, or not now. */
  #lent = false;
  /** Id of an account that could not be had. */
  #gone: string | null = null;
  #left: { account: Account; reason: string } | null = null;
  #leftForNetwork = false;
  #modelRefusals = 0;
  /** The provider's own answer that was left for the hop. */
  #beforeHop: PassEnd | null = null;
  #last: PassEnd = { account: null, attempt: null, verdict: null, network: false };

  /** How the pass ends when nothing better comes: an answer of the provider goes before what followed it. */
  get end(): PassEnd {
    return this.#beforeHop ?? this.#last;
  }

  /** Whether the session of the request stays bound to the account that it had. */
  get guest(): boolean {
    return this.hopped || this.#lent;
  }

  /** There is an answer of the provider that goes before all that follows. */
  get hasAnswer(): boolean {
    return this.#beforeHop !== null;
  }

  /** Ends with an account, and with its answer where it may be shown; see {@link end}. */
  endAt(account: Account, attempt: Attempt | null, verdict: Verdict, network: boolean): PassEnd {
    return this.#beforeHop ?? { account, attempt, verdict, network };
  }

  /** `attempt`: its answer, as far as it can still be delivered. */
  leave(account: Account, attempt: Attempt | null, verdict: Verdict, network: boolean): void {
    this.#left = { account, reason: verdict.reason };
    this.#last = { account, attempt, verdict, network };
    if (GONE.has(verdict.code)) this.#gone = account.id;
    if (verdict.code === 'cap_pledged' || verdict.backAt !== undefined) this.#lent = true;
    if (network) this.#leftForNetwork = true;
    else if (verdict.scope === 'upstream') {
      this.hopped = true;
      if (attempt !== null) this.#beforeHop = this.#last;
    } else this.#switches(restedBucket(verdict));
  }

  /** Tells the gate which account has its turn now, since others may come after this request. */
  tellSwitch(gate: AdmissionGate, to: string): void {
    if (this.switching !== null) gate.switchedTo(to, this.switching);
    else if (this.#gone !== null) gate.switchedTo(to, WHOLE_ACCOUNT, this.#gone);
  }

  /** An account gets nothing since it began to rest before its turn. */
  foundResting(rest: CooldownView | null): void {
    if (rest !== null && !isModelRefusal(rest.reasonCode)) this.#switches(rest.bucket);
  }

  /** A rest of everything covers one of some models. */
  #switches(bucket: string | null): void {
    if (this.switching !== WHOLE_ACCOUNT) this.switching = bucket ?? this.switching;
  }

  /** The verdict as it can be carried out: without the body nothing is sent again, and one refused model asks one more. */
  allowed(verdict: Verdict, network: boolean, replayable: boolean): Verdict {
    if (!replayable) return withoutReplay(verdict, network);
    if (verdict.action !== 'next-account' || !isModelRefusal(verdict.code)) return verdict;
    this.#modelRefusals += 1;
    return this.#modelRefusals > 1 ? { ...verdict, action: 'deliver' } : verdict;
  }

  /** A provider that cannot be reached is not tried with every account: once, and then only elsewhere. */
  mayMoveAfterNetworkError(from: Account, next: Account | undefined): boolean {
    if (next === undefined) return false;
    return !this.#leftForNetwork || endpointOf(next.baseUrl).origin !== endpointOf(from.baseUrl).origin;
  }

  /** Tells people that an account answered in place of the one before it. */
  tellFailover(news: ProxyEvents, to: Account): void {
    const left = this.#left;
    if (left !== null && left.account.id !== to.id) news.failedOver(left.account, to, left.reason);
  }
}

/** What a verdict comes to for a request whose body is gone: no other try, whatever it asks for. */
function withoutReplay(verdict: Verdict, network: boolean): Verdict {
  if (verdict.action === 'deliver' || verdict.action === 'stop') return verdict;
  return {
    ...verdict,
    action: network || verdict.hideFromClient === true ? 'stop' : 'deliver',
    reason: `${verdict.reason}; the request was too large to be kept for another try`,
  };
}
