import type { IncomingMessage } from 'node:http';
import type { Verdict } from '../limit-ports.ts';
import { askedOf } from '../limits/buckets.ts';
import type { Plan, RoutingRequest } from '../ports.ts';
import type { Attempt } from './attempt.ts';
import { conclude, type ErrorConclusion } from './conclusion.ts';
import type { Admission } from './guard.ts';
import type { Ledger } from './ledger.ts';
import { noteServed } from './noting.ts';
import type { ErrorDetail } from './own-answers.ts';
import type { OwnErrorCode } from './own-errors.ts';
import { OwnPass } from './own-pass.ts';
import { Pass } from './pass.ts';
import type { PassEnd, PassListener, PassRequest } from './pass-contract.ts';
import type { ProxyCore } from './proxy-core.ts';
import type { RequestReading } from './request-reading.ts';
import type { RequestTarget, Route } from './request-target.ts';
import { OWN_CREDENTIAL_PLAN, ownerOf, ownersPlan } from './routing.ts';
import { joinBoard } from './session-move.ts';
import { noteSwitch } from './switching.ts';
import { type HoldListener, WayOut } from './way-out.ts';

/** An admitted request: what the guard found out. */
export type Call = { readonly target: RequestTarget; readonly route: Route; readonly admission: Admission };

/** A request that is understood. */
export type Question = {
  readonly req: IncomingMessage;
  readonly call: Call;
  readonly reading: RequestReading;
  readonly ledger: Ledger;
};

/** One of the first two is called, once, unless the search is cancelled. */
export type SearchListener = {
  answerFound(attempt: Attempt, verdict: Verdict): void;
  nothingFound(code: OwnErrorCode, detail: ErrorDetail): void;
  /** Something threw that should not; instead of the two, or after one. */
  searchCrashed(error: unknown): void;
};

/**
 * Looks for an answer to one request: has a plan made, lets a pass go over its accounts, and when none of them can
 * serve, waits, pays or ends, as the user chose.
 */
export class Search implements PassListener, HoldListener {
  readonly #core: ProxyCore;
  readonly #question: Question;
  readonly #ledger: Ledger;
  readonly #listener: SearchListener;
  #routing: RoutingRequest | null = null;
  #plan: Plan = OWN_CREDENTIAL_PLAN;
  #pass: Pass | OwnPass | null = null;
  #request: PassRequest;
  /** Null for nearly all: an account can serve. */
  #wayOut: WayOut | null = null;
  #over = false;

  constructor(core: ProxyCore, question: Question, listener: SearchListener) {
    this.#core = core;
    this.#question = question;
    this.#ledger = question.ledger;
    this.#listener = listener;
    this.#request = this.#passRequest();
  }

  /** Begins. Calls that no account may serve go on with the client's own credential. */
  start(): void {
    const { call, reading } = this.#question;
    if (call.route === 'other') {
      this.#passOwn();
      return;
    }
    const routing = reading.routing();
    joinBoard(this.#core, this.#ledger);
    this.#choose(routing);
  }

  /** Nobody wants the answer any more. */
  cancel(): void {
    this.#over = true;
    this.#pass?.cancel();
    this.#wayOut?.cancel();
    this.#ledger.waitEnds();
  }

  passDelivers(attempt: Attempt, verdict: Verdict): void {
    if (this.#over) return;
    this.#over = true;
    const { account } = attempt;
    const routing = this.#routing;
    if (account !== null && routing !== null) {
      this.#question.reading.note();
      noteServed(this.#core, this.#ledger, {
        attempt,
        account,
        routing,
        plan: this.#plan,
        request: this.#request,
        paid: this.#wayOut?.paid === true,
      });
    }
    this.#listener.answerFound(attempt, verdict);
  }

  passEnds(end: PassEnd): void {
    if (this.#over) return;
    this.#ledger.pledged(null);
    if (this.#mayUseOwn()) {
      end.attempt?.abandon();
      this.#passOwn();
      return;
    }
    const { limits, clock } = this.#core;
    const conclusion = conclude(end, this.#plan, limits, askedOf(this.#ledger), clock.now());
    if (conclusion.kind === 'original') {
      this.passDelivers(conclusion.attempt, conclusion.verdict);
      return;
    }
    end.attempt?.abandon();
    this.#ledger.account = end.account;
    const { fallbackConsent } = this.#core.settings.current();
    this.#knowingCost(fallbackConsent, () => this.#nobodyCan(conclusion));
  }

  passCrashed(error: unknown): void {
    this.#listener.searchCrashed(error);
  }

  lookAgain(): void {
    const routing = this.#routing;
    if (this.#over || routing === null) return;
    const { model, sessionId } = this.#ledger;
    try {
      this.#choose({ ...routing, model, sessionId, now: this.#core.clock.now() }, true);
    } catch (error) {
      this.#listener.searchCrashed(error);
    }
  }

  stopping(): void {
    if (!this.#over) this.#end('stopping', {});
  }

  #choose(routing: RoutingRequest, wasHeld = false): void {
    const { call, reading } = this.#question;
    // Who names an account for a request wants it there or nowhere.
    const owner = (routing.pin ?? null) === null ? ownerOf(reading.resources(), this.#core) : null;
    const plan = this.#core.balancer.choose(routing);
    this.#routing = routing;
    if (owner === null) noteSwitch(this.#core, plan, routing, wasHeld);
    this.#run(owner === null ? plan : ownersPlan(plan, owner, this.#core, routing, call.route));
  }

  #run(plan: Plan): void {
    this.#plan = plan;
    this.#ledger.planned(plan);
    this.#request = this.#passRequest();
    const pass = new Pass(this.#core, this.#request, plan, this);
    this.#pass = pass;
    const [first] = plan.accounts;
    const atStake = first !== undefined && this.#core.caps.isCapped(first.account, this.#ledger.model);
    this.#knowingCost(atStake, () => pass.start());
  }

  /** Goes on; first waits for the body where money is at stake: what it says of its cost may stand at its end. */
  #knowingCost(atStake: boolean, goOn: () => void): void {
    const { body } = this.#question.reading;
    if (!atStake || body.complete || !body.kept) {
      goOn();
      return;
    }
    body.collect(() => {
      if (this.#over) return;
      try {
        goOn();
      } catch (error) {
        this.#listener.searchCrashed(error);
      }
    });
  }

  #nobodyCan(conclusion: ErrorConclusion): void {
    const { call, reading } = this.#question;
    const { code, detail } = conclusion;
    const routing = this.#routing;
    if (routing === null || !reading.body.replayable) {
      this.#end(code, detail);
      return;
    }
    this.#wayOut ??= new WayOut(this.#core, this.#ledger, this);
    const stuck = { conclusion, plan: this.#plan, routing, route: call.route, request: this.#request };
    const next = this.#wayOut.take(stuck);
    if (next.kind === 'pay') this.#run(next.plan);
    if (next.kind === 'fail') {
      const message = `${detail.message} ${next.words}`.trimEnd();
      if (next.againMs === null) this.#end(code, { ...detail, message });
      else this.#end('pool_exhausted', { message, retryAfterMs: next.againMs });
    }
  }

  #end(code: OwnErrorCode, detail: ErrorDetail): void {
    this.#over = true;
    this.#listener.nothingFound(code, detail);
  }

  /** The user lets clients go on with their own credential when no account can serve. */
  #mayUseOwn(): boolean {
    const { call, reading } = this.#question;
    if (!call.admission.ownCredential || !this.#core.settings.current().forwardClientCredentials)
      return false;
    return this.#pass instanceof Pass && reading.body.replayable;
  }

  #passOwn(): void {
    const { upstream, defaultBaseUrl } = this.#core;
    const { keyHeaders } = this.#question.call.admission;
    this.#pass = new OwnPass(upstream, this.#passRequest(), keyHeaders, defaultBaseUrl, this);
    this.#pass.start();
  }

  #passRequest(): PassRequest {
    const { req, call, reading } = this.#question;
    return {
      method: req.method ?? 'GET',
      target: call.target.path + call.target.query,
      rawHeaders: req.rawHeaders,
      model: this.#ledger.model,
      modelPlace: reading.modelPlace,
      inference: call.route === 'messages',
      size: reading,
      body: reading.body,
      ledger: this.#ledger,
    };
  }
}
