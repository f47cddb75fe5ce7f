import type { CooldownView } from '../../../shared/account.ts';
import type { Timer } from '../clock.ts';
import type { AttemptOutcome, Verdict } from '../limit-ports.ts';
import { askedOf } from '../limits/buckets.ts';
import type { Account, AccountPool, Credential, Plan } from '../ports.ts';
import { Attempt, type AttemptListener } from './attempt.ts';
import { contextOf } from './classify-context.ts';
import { outcomeOf } from './error-answer.ts';
import { type FailureKind, failureKind } from './failure-kind.ts';
import { upstreamHeaders } from './headers.ts';
import { CANNOT_RENAME, hasNames, renamedBody, renamingNeeds } from './model-map.ts';
import { noteHead } from './noting.ts';
import { type PassDeps, type PassListener, type PassRequest, sendAttempt } from './pass-contract.ts';
import { isModelRefusal } from './rest-account.ts';
import { asideNow, restInPlan } from './rest-in-plan.ts';
import { endpointOf, isElsewhere } from './routing.ts';
import { spreadVerdict } from './spread-verdict.ts';
import { freshStay, Trail } from './trail.ts';

/** An error body that has not ended by then is judged by what is here, ms. */
const ERROR_BODY_MS = 5000;

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
  #here = freshStay();
  /** Bucket of the rest that the plan knew of when it put the account in line all the same. */
  #knownRest: string | null = null;
  #attempt: Attempt | null = null;
  #stopWaiting: (() => void) | null = null;
  #timer: Timer | null = null;
  #cancelled = false;
  readonly #trail = new Trail();

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
    this.#stopWaiting?.();
    this.#request.ledger.waitEnds();
    this.#attempt?.abandon();
  }

  attemptErrs(attempt: Attempt): void {
    this.#timer = this.#deps.clock.after(ERROR_BODY_MS, () => attempt.decide());
  }

  attemptAnswered(attempt: Attempt): void {
    this.#timer?.cancel();
    const { account } = attempt;
    if (account === null) return;
    try {
      noteHead(this.#deps, this.#request, attempt.headers, account);
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
    if (kind === 'reset' && attempt.stale && !this.#here.staleRetried && this.#request.body.replayable) {
      // The server had closed the idle connection; the request never reached it. Not worth a word.
      this.#here.staleRetried = true;
      this.#here.resuming = true;
      this.#enter(account, credential);
      return;
    }
    this.#act(attempt, this.#judge(account, { kind: 'network', error: kind }), true);
  }

  #next(): void {
    this.#index += 1;
    const planned = this.#plan.accounts[this.#index];
    if (planned === undefined) {
      this.#listener.passEnds(this.#trail.end);
      return;
    }
    const { account } = planned;
    this.#here = freshStay();
    this.#knownRest = restInPlan(planned, this.#index === 0, this.#rest(account));
    this.#trail.tellSwitch(this.#deps.gate, account.id);
    if (this.#deps.isOwnOrigin(endpointOf(account.baseUrl).origin)) {
      this.#unusable(account, 'proxy_loop', 'its address is this proxy itself');
      return;
    }
    this.#try(account);
  }

  #rest(account: Account): CooldownView | null {
    return this.#deps.limits.blocking(account.id, askedOf(this.#request.ledger), this.#deps.clock.now());
  }

  #try(account: Account): void {
    if (hasNames(account.modelMap) && !this.#canRename(account)) return;
    const credential = this.#deps.accounts.credentialNow(account.id);
    if (credential !== null) {
      this.#enter(account, credential);
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
        this.#request.body.collect(() => this.#again(account));
        return false;
      case 'what-cannot-be':
        this.#unusable(account, 'model_map_needs_buffer', CANNOT_RENAME);
        return false;
    }
  }

  #again(account: Account): void {
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
          if (answer.ok) this.#enter(account, answer.credential);
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
    this.#passOver(account, { scope: 'account', action: 'next-account', code, reason, hideFromClient: true });
  }

  #passOver(account: Account, verdict: Verdict): void {
    this.#request.ledger.passedOver(account, verdict);
    this.#leave(account, null, verdict, false);
  }

  /** Sends it if the account may (still) serve and lets it in; else goes on, or waits for a place. */
  #enter(account: Account, credential: Credential): void {
    const rest = this.#rest(account);
    const aside = asideNow(this.#deps, account, this.#request, { rest, knownRest: this.#knownRest });
    if (aside !== null) {
      this.#trail.foundResting(rest);
      this.#passOver(account, aside);
      return;
    }
    const place = this.#deps.gate.tryEnter(account.id, this.#request);
    if (place === null) this.#wait(account);
    else this.#dispatch(account, credential, place);
  }

  #wait(account: Account): void {
    this.#request.ledger.waitBegins('place');
    this.#stopWaiting = this.#deps.gate.wait(account.id, this.#request, () => {
      this.#stopWaiting = null;
      this.#request.ledger.waitEnds();
      this.#again(account);
    });
  }

  /** Has a place at the account, which goes back with the end of the attempt. */
  #dispatch(account: Account, credential: Credential, place: number): void {
    const { upstream, accounts, gate, oauthBeta } = this.#deps;
    const { rawHeaders, ledger } = this.#request;
    const attempt = new Attempt(upstream, account, credential, this, () => {
      ledger.tryEnded();
      accounts.finished(account.id);
      gate.left(account.id, this.#request, place);
    });
    this.#here.place = place;
    attempt.guest = this.#trail.guest;
    this.#attempt = attempt;
    this.#trail.switching = null;
    accounts.started(account.id);
    ledger.pledged(this.#deps.caps.pledge(account, this.#request));
    if (this.#here.resuming) ledger.tryResumed();
    else ledger.tryStarted(account);
    this.#here.resuming = false;
    const beta = account.kind === 'oauth' ? oauthBeta : null;
    const elsewhere = isElsewhere(this.#plan, this.#index);
    const auth = { kind: 'account', credential, beta, elsewhere } as const;
    const headers = upstreamHeaders(rawHeaders, auth);
    const renamed = hasNames(account.modelMap) ? renamedBody(account.modelMap, this.#request) : null;
    sendAttempt(upstream, attempt, account.baseUrl, this.#request, headers, renamed);
  }

  #judge(account: Account, outcome: AttemptOutcome): Verdict {
    const next = this.#plan.accounts[this.#index + 1]?.account;
    const context = contextOf(this.#deps, account, this.#request, {
      retriesHere: this.#here.retries,
      refreshedHere: this.#here.refreshed,
      mayMoveAfterNetworkError: this.#trail.mayMoveAfterNetworkError(account, next),
      hopped: this.#trail.hopped,
    });
    return this.#deps.classify(outcome, context);
  }

  #act(attempt: Attempt, verdict: Verdict, network: boolean): void {
    const { account, credential } = attempt;
    if (account === null || credential === null) return;
    const request = this.#request;
    const here = this.#here;
    const actual = this.#trail.allowed(verdict, network, request.body.replayable);
    request.ledger.tryJudged(network ? null : attempt.status, actual);
    spreadVerdict(this.#deps, { attempt, account, verdict, network, request, here });
    switch (actual.action) {
      case 'retry-here':
        this.#retry(attempt, account, verdict);
        return;
      case 'refresh-credential':
        this.#refresh(attempt, account, credential, verdict);
        return;
      case 'next-account':
        this.#leave(account, attempt, verdict, network);
        return;
      default:
        this.#finish(attempt, account, actual, network);
    }
  }

  #retry(attempt: Attempt, account: Account, { closes, waitMs = 0 }: Verdict): void {
    attempt.abandon();
    this.#here.retries += 1;
    if (closes === true) this.#again(account);
    else this.#timer = this.#deps.clock.after(waitMs, () => this.#again(account));
  }

  #refresh(attempt: Attempt, account: Account, used: Credential, verdict: Verdict): void {
    attempt.abandon();
    this.#here.refreshed = true;
    this.#await(account, this.#deps.accounts.credentialRefused(account.id, used, verdict.reason));
  }

  #leave(account: Account, attempt: Attempt | null, verdict: Verdict, network: boolean): void {
    const more = this.#index + 1 < this.#plan.accounts.length;
    const whole = attempt?.ended === true && !network;
    // It may be the answer to deliver. One that is here whole can wait for that; another only when this is the end.
    const awaited = !network && !more && !this.#trail.hasAnswer;
    if (whole || !awaited) attempt?.abandon();
    this.#trail.leave(account, whole || awaited ? attempt : null, verdict, network);
    this.#next();
  }

  /** No other try: delivers the answer, or ends when it must not be seen or there is none. */
  #finish(attempt: Attempt, account: Account, verdict: Verdict, network: boolean): void {
    const mute = network || verdict.hideFromClient === true;
    // A refused model is not the last word while another account only rests.
    if (mute || (isModelRefusal(verdict.code) && this.#request.body.replayable)) {
      if (mute && !network) attempt.abandon();
      this.#listener.passEnds(this.#trail.endAt(account, mute ? null : attempt, verdict, network));
      return;
    }
    if (attempt.status < 400) this.#trail.tellFailover(this.#deps.news, account);
    this.#listener.passDelivers(attempt, verdict);
  }
}
