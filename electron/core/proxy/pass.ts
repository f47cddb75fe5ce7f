import type { Timer } from '../clock.ts';
import type { Account, AccountPool, Classify, Credential, Plan, Verdict } from '../ports.ts';
import { Attempt, type AttemptListener } from './attempt.ts';
import { outcomeOf } from './error-answer.ts';
import { type FailureKind, failureKind } from './failure-kind.ts';
import { upstreamHeaders } from './headers.ts';
import { hasNames, renamedBody, renamingNeeds } from './model-map.ts';
import {
  type PassDeps,
  type PassEnd,
  type PassListener,
  type PassRequest,
  sendAttempt,
} from './pass-contract.ts';
import { endpointOf } from './routing.ts';

/** An error body that has not ended by then is judged by what is here, ms. */
const ERROR_BODY_MS = 5000;

const UNRENAMED = 'its model names can be replaced only in a plain body that fits into the replay buffer';

/**
 * One request's way over the accounts of its plan, each at most once: send, look at what comes back, and deliver,
 * try again, refresh the credential or go to the next. Ends when an answer is to be delivered: nothing is tried
 * after that.
 */
export class Pass implements AttemptListener {
  readonly #deps: PassDeps;
  readonly #request: PassRequest;
  readonly #plan: Plan;
  readonly #listener: PassListener;
  #index = -1;
  #retriesHere = 0;
  #refreshedHere = false;
  #staleRetried = false;
  #attempt: Attempt | null = null;
  #timer: Timer | null = null;
  #cancelled = false;
  /** The account that was moved away from, and why. */
  #left: { account: Account; reason: string } | null = null;
  #leftForNetwork = false;
  #end: PassEnd = { account: null, attempt: null, verdict: null, network: false };

  constructor(deps: PassDeps, request: PassRequest, plan: Plan, listener: PassListener) {
    this.#deps = deps;
    this.#request = request;
    this.#plan = plan;
    this.#listener = listener;
  }

  /** Begins with the first account of the plan. */
  start(): void {
    this.#next();
  }

  /** The client is gone: ends whatever is running, at once. */
  cancel(): void {
    this.#cancelled = true;
    this.#timer?.cancel();
    this.#attempt?.abandon();
  }

  attemptErrs(attempt: Attempt): void {
    this.#timer = this.#deps.clock.after(ERROR_BODY_MS, () => attempt.decide());
  }

  attemptAnswered(attempt: Attempt): void {
    this.#timer?.cancel();
    const { account } = attempt;
    if (account === null) return;
    const { limits, accounts, clock } = this.#deps;
    try {
      limits.observe(account.id, attempt.headers, clock.now());
      const organization = attempt.headers.get('anthropic-organization-id');
      if (organization !== undefined) accounts.sawOrganization(account.id, organization);
      this.#act(attempt, this.#judge(account, outcomeOf(attempt)), false);
    } catch (error) {
      this.#listener.passCrashed(error);
    }
  }

  attemptFailed(attempt: Attempt, error: Error): void {
    this.#timer?.cancel();
    const { account, credential } = attempt;
    if (account === null || credential === null) return;
    try {
      this.#failed(attempt, account, credential, failureKind(error));
    } catch (failure) {
      this.#listener.passCrashed(failure);
    }
  }

  #failed(attempt: Attempt, account: Account, credential: Credential, kind: FailureKind): void {
    if (kind === 'reset' && attempt.stale && !this.#staleRetried && this.#request.body.replayable) {
      // The server had closed the idle connection; the request never reached it. Not worth a word.
      this.#staleRetried = true;
      this.#send(account, credential);
      return;
    }
    this.#act(attempt, this.#judge(account, { kind: 'network', error: kind }), true);
  }

  #next(): void {
    this.#index += 1;
    const planned = this.#plan.accounts[this.#index];
    if (planned === undefined) {
      this.#listener.passEnds(this.#end);
      return;
    }
    this.#retriesHere = 0;
    this.#refreshedHere = false;
    this.#staleRetried = false;
    if (this.#deps.isOwnOrigin(endpointOf(planned.account.baseUrl).origin)) {
      this.#unusable(planned.account, 'proxy_loop', 'its address is this proxy itself');
      return;
    }
    this.#try(planned.account);
  }

  #try(account: Account): void {
    if (hasNames(account.modelMap) && !this.#canRename(account)) return;
    const credential = this.#deps.accounts.credentialNow(account.id);
    if (credential !== null) {
      this.#dispatch(account, credential);
      return;
    }
    this.#await(account, this.#deps.accounts.credential(account.id));
  }

  /** False while the body must arrive first, or when the account had to be passed over. */
  #canRename(account: Account): boolean {
    switch (renamingNeeds(account.modelMap, this.#request)) {
      case 'nothing':
        return true;
      case 'whole-body':
        this.#request.body.collect(() => this.#collected(account));
        return false;
      case 'what-cannot-be':
        this.#unusable(account, 'model_map_needs_buffer', UNRENAMED);
        return false;
    }
  }

  #collected(account: Account): void {
    if (this.#cancelled) return;
    try {
      this.#try(account);
    } catch (error) {
      this.#listener.passCrashed(error);
    }
  }

  /** Goes on with the credential once it is here, or with the next account. */
  #await(account: Account, result: ReturnType<AccountPool['credential']>): void {
    result
      .then(
        (answer) => {
          if (this.#cancelled) return;
          if (answer.ok) this.#dispatch(account, answer.credential);
          else this.#unusable(account, 'credential_problem', answer.problem.reason);
        },
        () => {
          if (!this.#cancelled)
            this.#unusable(account, 'credential_problem', 'its credential could not be read');
        },
      )
      .catch((error: unknown) => this.#listener.passCrashed(error));
  }

  /** Passes over an account that nothing could be sent to. */
  #unusable(account: Account, code: string, reason: string): void {
    const verdict: Verdict = { scope: 'account', action: 'next-account', code, reason, hideFromClient: true };
    const { ledger } = this.#request;
    ledger.tryStarted(account);
    ledger.tryJudged(null, verdict);
    ledger.tryEnded();
    this.#leave(account, null, verdict, false);
  }

  #dispatch(account: Account, credential: Credential): void {
    this.#request.ledger.tryStarted(account);
    this.#send(account, credential);
  }

  #send(account: Account, credential: Credential): void {
    const { upstream, accounts, oauthBeta } = this.#deps;
    const { method, target, rawHeaders, body, ledger } = this.#request;
    const beta = account.kind === 'oauth' ? oauthBeta : null;
    const headers = upstreamHeaders(rawHeaders, { kind: 'account', credential, beta });
    accounts.started(account.id);
    const attempt = new Attempt(upstream, account, credential, this, () => {
      ledger.tryEnded();
      accounts.finished(account.id);
    });
    this.#attempt = attempt;
    const { origin, prefix } = endpointOf(account.baseUrl);
    const renamed = hasNames(account.modelMap) ? renamedBody(account.modelMap, this.#request) : null;
    sendAttempt(upstream, attempt, origin, { method, path: prefix + target, headers, body }, renamed);
  }

  /** A provider that cannot be reached is not tried with every account: once, and then only elsewhere. */
  #mayMoveAfterNetworkError(account: Account): boolean {
    const next = this.#plan.accounts[this.#index + 1]?.account;
    if (next === undefined) return false;
    const elsewhere = endpointOf(next.baseUrl).origin !== endpointOf(account.baseUrl).origin;
    return elsewhere || !this.#leftForNetwork;
  }

  #judge(account: Account, outcome: Parameters<Classify>[0]): Verdict {
    const { classify, clock, settings, random } = this.#deps;
    return classify(outcome, {
      account,
      model: this.#request.model,
      now: clock.now(),
      retriesHere: this.#retriesHere,
      refreshedHere: this.#refreshedHere,
      mayMoveAfterNetworkError: this.#mayMoveAfterNetworkError(account),
      settings: settings.current(),
      random,
    });
  }

  #act(attempt: Attempt, verdict: Verdict, network: boolean): void {
    const { account, credential } = attempt;
    if (account === null || credential === null) return;
    this.#request.ledger.tryJudged(network ? null : attempt.status, verdict);
    if (verdict.cooldown !== undefined) {
      this.#deps.limits.rest(account.id, verdict, this.#deps.clock.now());
      this.#deps.news.cooled(account, verdict);
    }
    this.#noteRefusedKey(attempt, verdict);
    const again = this.#request.body.replayable;
    switch (verdict.action) {
      case 'retry-here':
        if (again) this.#retry(attempt, account, verdict.waitMs ?? 0);
        else this.#finish(attempt, account, verdict, network);
        return;
      case 'refresh-credential':
        if (again) this.#refresh(attempt, account, credential, verdict);
        else this.#finish(attempt, account, verdict, network);
        return;
      case 'next-account':
        if (again) this.#leave(account, attempt, verdict, network);
        else this.#finish(attempt, account, verdict, network);
        return;
      default:
        this.#finish(attempt, account, verdict, network);
    }
  }

  #retry(attempt: Attempt, account: Account, waitMs: number): void {
    attempt.abandon();
    this.#retriesHere += 1;
    this.#timer = this.#deps.clock.after(waitMs, () => this.#try(account));
  }

  #refresh(attempt: Attempt, account: Account, used: Credential, verdict: Verdict): void {
    attempt.abandon();
    this.#refreshedHere = true;
    this.#await(account, this.#deps.accounts.credentialRefused(account.id, used, verdict.reason));
  }

  #leave(account: Account, attempt: Attempt | null, verdict: Verdict, network: boolean): void {
    const more = this.#index + 1 < this.#plan.accounts.length;
    // The last answer is kept whole: it may be the one to deliver.
    if (more || attempt?.ended === true || network) attempt?.abandon();
    this.#left = { account, reason: verdict.reason };
    if (network) this.#leftForNetwork = true;
    this.#end = { account, attempt: network ? null : attempt, verdict, network };
    this.#next();
  }

  /** Lets the pool know that a key is refused; where a refresh could help, the verdict asks for one itself. */
  #noteRefusedKey({ account, credential, status }: Attempt, verdict: Verdict): void {
    if (account?.kind !== 'api-key' || credential === null || this.#refreshedHere) return;
    if (status !== 401 || verdict.action === 'refresh-credential') return;
    this.#deps.accounts.credentialRefused(account.id, credential, verdict.reason).catch(() => undefined);
  }

  /** No other try: delivers the answer, or ends when it must not be seen or there is none. */
  #finish(attempt: Attempt, account: Account, verdict: Verdict, network: boolean): void {
    if (network || verdict.hideFromClient === true) {
      if (!network) attempt.abandon();
      this.#listener.passEnds({ account, attempt: null, verdict, network });
      return;
    }
    const left = this.#left;
    if (left !== null && left.account.id !== account.id && attempt.status < 400) {
      this.#deps.news.failedOver(left.account, account, left.reason);
    }
    this.#listener.passDelivers(attempt, verdict);
  }
}
