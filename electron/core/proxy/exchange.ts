import type { IncomingMessage, ServerResponse } from 'node:http';
import { classifyStreamError } from '../limits/classify.ts';
import type { Plan, RoutingRequest, Verdict } from '../ports.ts';
import type { Attempt } from './attempt.ts';
import { conclude } from './conclusion.ts';
import { breakOff, Delivery } from './delivery.ts';
import { describe } from './failure-kind.ts';
import type { Admission } from './guard.ts';
import type { Ledger } from './ledger.ts';
import { type ErrorDetail, sendError } from './own-answers.ts';
import { OWN_ERRORS, type OwnErrorCode } from './own-errors.ts';
import { OwnPass } from './own-pass.ts';
import { Pass } from './pass.ts';
import type { PassEnd, PassListener, PassRequest } from './pass-contract.ts';
import type { ProxyCore } from './proxy-core.ts';
import type { RequestBody } from './request-body.ts';
import { type ReadingListener, RequestReading } from './request-reading.ts';
import type { RequestTarget, Route } from './request-target.ts';
import { type ResourceIdReader, resourceIdReader } from './resource-ids.ts';
import { OWN_CREDENTIAL_PLAN, pinPlan } from './routing.ts';

/** An admitted request: what the guard found out. */
export type Call = { readonly target: RequestTarget; readonly route: Route; readonly admission: Admission };

/**
 * One client request from its head to its record: reads the body as far as routing needs it, lets a pass over the
 * accounts find an answer, delivers that or an error of ours, and notes how it ended, once.
 */
export class Exchange implements ReadingListener, PassListener {
  readonly body: RequestBody;
  readonly #reading: RequestReading;
  readonly #core: ProxyCore;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #call: Call;
  readonly #ledger: Ledger;
  readonly #onOver: (exchange: Exchange) => void;
  #pass: Pass | OwnPass | null = null;
  #plan: Plan = OWN_CREDENTIAL_PLAN;
  #routing: RoutingRequest | null = null;
  #delivery: Delivery | null = null;
  #answered = false;
  #over = false;

  constructor(
    core: ProxyCore,
    req: IncomingMessage,
    res: ServerResponse,
    call: Call,
    ledger: Ledger,
    onOver: (exchange: Exchange) => void,
  ) {
    this.#core = core;
    this.#req = req;
    this.#res = res;
    this.#call = call;
    this.#ledger = ledger;
    this.#onOver = onOver;
    this.#reading = new RequestReading(core, req, call.target, call.route, ledger);
    this.body = this.#reading.body;
  }

  /** Starts to read. `expectsContinue`: the client waits for our leave to send its body. */
  begin(expectsContinue: boolean): void {
    this.#res.on('close', () => this.#closed());
    // A pipelined answer has no socket yet and would not hear of its end.
    if (this.#res.socket === null) this.#req.socket.once('close', () => this.#closed());
    const tooLarge = this.body.declared !== null && this.body.declared > this.body.max;
    if (expectsContinue && !tooLarge) this.#res.writeContinue();
    this.#reading.start(this);
  }

  routable(): void {
    if (this.#answered || this.#over) return;
    try {
      this.#route();
    } catch (error) {
      this.passCrashed(error);
    }
  }

  bodyTooLarge(): void {
    this.#refuse('body_too_large', {
      message: 'Request exceeds the maximum size. The limit is a setting of ccflare.',
    });
  }

  /** The client stopped sending its body. */
  bodyStalled(): void {
    this.#refuse('body_timeout');
  }

  /** Ends it without mercy: the deadline of a drain has passed, or something failed in here. */
  cutOff(code: 'stopping' | 'internal'): void {
    this.#ledger.terminal = this.#answered ? 'truncated' : 'failed';
    this.#ledger.failed(code, OWN_ERRORS[code].message);
    this.#req.socket.destroy();
  }

  passCrashed(error: unknown): void {
    this.#core.log.error('exchange_failed', { id: this.#ledger.id, reason: describe(error) });
    this.#pass?.cancel();
    if (this.#over) return;
    if (this.#answered) this.cutOff('internal');
    else this.#fail('internal');
  }

  passDelivers(attempt: Attempt, verdict: Verdict): void {
    if (this.#over || this.#answered) return;
    this.#answered = true;
    const { account } = attempt;
    this.#ledger.account = account;
    this.#ledger.upstreamRequestId = attempt.headers.get('request-id') ?? null;
    this.#ledger.conclusion = conclusionOf(account?.name ?? null, verdict);
    if (attempt.status >= 400) this.#ledger.failed(verdict.code, verdict.reason);
    if (account !== null) this.#served(account.id, attempt.status);
    this.#deliver(attempt);
  }

  passEnds(end: PassEnd): void {
    if (this.#over || this.#answered) return;
    const { limits, clock, settings } = this.#core;
    const own = this.#call.admission.ownCredential && settings.current().forwardClientCredentials;
    if (own && this.#pass instanceof Pass && this.body.replayable) {
      end.attempt?.abandon();
      this.#passOwn();
      return;
    }
    const conclusion = conclude(end, this.#plan, limits, this.#ledger.model, clock.now());
    if (conclusion.kind === 'original') {
      this.passDelivers(conclusion.attempt, conclusion.verdict);
      return;
    }
    end.attempt?.abandon();
    this.#ledger.account = end.account;
    this.#fail(conclusion.code, conclusion.detail);
  }

  #route(): void {
    const { route } = this.#call;
    if (route === 'other') {
      this.#passOwn();
      return;
    }
    const request = this.#reading.routing();
    const resource = this.#reading.resource();
    const plan = this.#core.balancer.choose(request);
    this.#routing = request;
    this.#plan = resource === null ? plan : pinPlan(plan, resource, this.#core, route === 'upload');
    this.#ledger.planned(this.#plan);
    this.#pass = new Pass(this.#core, this.#passRequest(), this.#plan, this);
    this.#pass.start();
  }

  #passOwn(): void {
    const { upstream, defaultBaseUrl } = this.#core;
    const strip = this.#call.admission.keyHeaders;
    this.#pass = new OwnPass(upstream, this.#passRequest(), strip, defaultBaseUrl, this);
    this.#pass.start();
  }

  #passRequest(): PassRequest {
    const { target } = this.#call;
    return {
      method: this.#req.method ?? 'GET',
      target: target.path + target.query,
      rawHeaders: this.#req.rawHeaders,
      model: this.#ledger.model,
      modelPlace: this.#reading.modelPlace,
      body: this.body,
      ledger: this.#ledger,
    };
  }

  #served(accountId: string, status: number): void {
    const { accounts, balancer, clock } = this.#core;
    accounts.touched(accountId, clock.now());
    const request = this.#routing;
    if (request === null || status >= 400) return;
    this.#reading.note();
    const { model, sessionId } = this.#ledger;
    balancer.served({ ...request, model, sessionId }, accountId);
  }

  #deliver(attempt: Attempt): void {
    const { headers, status } = attempt;
    const ids = resourceReader(this.#req, this.#call, attempt);
    const type = headers.get('content-type');
    const tap =
      this.#call.route === 'messages' ? this.#core.createTap(type, headers.get('content-encoding')) : null;
    this.#ledger.streamed = type?.startsWith('text/event-stream') === true;
    this.#ledger.headSent(status);
    this.body.release();
    const delivery = new Delivery(this.#res, attempt, { tap, ids }, () => this.#truncated());
    this.#delivery = delivery;
    if (delivery.begin()) {
      if (ids !== null) this.#res.once('finish', () => this.#remember(ids.end()));
      return;
    }
    this.#delivery = null;
    this.#answered = false;
    attempt.abandon();
    this.#fail('upstream_unreachable', {
      message: 'The provider answered with a head that is not valid HTTP.',
    });
  }

  #remember(resourceId: string | null): void {
    const accountId = this.#ledger.account?.id;
    if (resourceId === null || accountId === undefined) return;
    this.#core.resources.put(resourceId, accountId, this.#core.clock.now());
  }

  #refuse(code: OwnErrorCode, detail: ErrorDetail = {}): void {
    if (this.#answered || this.#over) return;
    this.#pass?.cancel();
    this.#ledger.terminal = 'refused';
    this.#answer(code, detail);
  }

  #fail(code: OwnErrorCode, detail: ErrorDetail = {}): void {
    this.#ledger.terminal = 'failed';
    this.#answer(code, detail);
  }

  #answer(code: OwnErrorCode, detail: ErrorDetail): void {
    this.#answered = true;
    const message = detail.message ?? OWN_ERRORS[code].message;
    this.#ledger.failed(code, message);
    this.#ledger.conclusion = message;
    this.#ledger.headSent(OWN_ERRORS[code].status);
    this.body.release();
    this.body.discard();
    sendError(this.#res, this.#ledger.id, code, detail);
  }

  /** The provider's answer broke off: so must ours, after what there is of it. */
  #truncated(): void {
    if (this.#over) return;
    this.#ledger.terminal = 'truncated';
    this.#ledger.failed('upstream_truncated', "The provider's answer broke off before its end.");
    breakOff(this.#res, this.#core.clock);
  }

  #closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#pass?.cancel();
    this.body.release();
    const ledger = this.#ledger;
    this.#reading.note();
    ledger.requestBytes = this.body.size;
    ledger.responseBytes = this.#delivery?.bytes ?? 0;
    ledger.tap = this.#delivery?.finish() ?? null;
    if (ledger.tap?.errorType != null) this.#noteErrorInAnswer(ledger.tap.errorType);
    if (!this.#res.writableFinished && ledger.terminal === 'complete') {
      ledger.terminal = 'client-closed';
      ledger.failed('client_closed', 'The client closed its connection before the answer was complete.');
      ledger.conclusion ||= 'The client left before there was an answer.';
    }
    this.#onOver(this);
  }

  /** An error event inside a good answer: too late to go elsewhere, but a limit counts for the next request. */
  #noteErrorInAnswer(type: string): void {
    const { limits, clock } = this.#core;
    const ledger = this.#ledger;
    ledger.failed(type, ledger.errorMessage ?? 'The provider reported an error in its answer.');
    if (ledger.account === null || (ledger.status ?? 500) >= 400) return;
    const verdict = classifyStreamError(type, clock.now());
    if (verdict.cooldown !== undefined) limits.rest(ledger.account.id, verdict, clock.now());
  }
}

function conclusionOf(account: string | null, { code, reason }: Verdict): string {
  if (account === null) return reason;
  return code === 'ok' ? `"${account}" answered.` : `The answer of "${account}" was delivered: ${reason}`;
}

function resourceReader(req: IncomingMessage, call: Call, attempt: Attempt): ResourceIdReader | null {
  if (attempt.account === null) return null;
  const beta = req.headers['anthropic-beta'];
  return resourceIdReader(
    {
      method: req.method ?? '',
      path: call.target.path,
      route: call.route,
      beta: Array.isArray(beta) ? beta.join() : beta,
    },
    attempt.status,
    attempt.headers,
  );
}
