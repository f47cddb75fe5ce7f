import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Verdict } from '../limit-ports.ts';
import type { Attempt } from './attempt.ts';
import { whyDelivered } from './conclusion.ts';
import { breakOff, Delivery } from './delivery.ts';
import { describe } from './failure-kind.ts';
import type { Ledger } from './ledger.ts';
import { noteErrorInAnswer } from './noting.ts';
import { type ErrorDetail, sendError } from './own-answers.ts';
import { OWN_ERRORS, type OwnErrorCode } from './own-errors.ts';
import type { ProxyCore } from './proxy-core.ts';
import type { RequestBody } from './request-body.ts';
import { type ReadingListener, RequestReading } from './request-reading.ts';
import { type ResourceIdReader, resourceIdReader } from './resource-ids.ts';
import type { Listed } from './roster.ts';
import { type Call, Search, type SearchListener } from './search.ts';
import { joinBoard } from './session-move.ts';
import type { Sweepable } from './sweep.ts';

/**
 * One client request from its head to its record: reads the body as far as routing needs it, has an answer
 * searched for, delivers that or an error of ours, and notes how it ended, once.
 */
export class Exchange implements ReadingListener, SearchListener, Listed, Sweepable {
  readonly body: RequestBody;
  /** In the roster of the running ones. */
  place = -1;
  readonly #reading: RequestReading;
  readonly #core: ProxyCore;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #call: Call;
  readonly #ledger: Ledger;
  readonly #onOver: (exchange: Exchange) => void;
  #search: Search | null = null;
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
    if (this.#call.route !== 'other' && this.#reading.wantsUnknownAccount) {
      this.#refuse('unknown_account');
      return;
    }
    const ledger = this.#ledger;
    const question = { req: this.#req, call: this.#call, reading: this.#reading, ledger };
    this.#search = new Search(this.#core, question, this);
    try {
      this.#search.start();
    } catch (error) {
      this.searchCrashed(error);
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

  searchCrashed(error: unknown): void {
    this.#core.log.error('exchange_failed', { id: this.#ledger.id, reason: describe(error) });
    this.#search?.cancel();
    if (this.#over) return;
    if (this.#answered) this.cutOff('internal');
    else this.#fail('internal');
  }

  answerFound(attempt: Attempt, verdict: Verdict): void {
    if (this.#over || this.#answered) return;
    this.#answered = true;
    const { account } = attempt;
    this.#ledger.account = account;
    this.#ledger.upstreamRequestId = attempt.headers.get('request-id') ?? null;
    this.#ledger.conclusion = whyDelivered(account?.name ?? null, verdict);
    if (attempt.status >= 400) this.#ledger.failed(verdict.code, verdict.reason);
    this.#deliver(attempt);
  }

  nothingFound(code: OwnErrorCode, detail: ErrorDetail): void {
    if (this.#over || this.#answered) return;
    this.#fail(code, detail);
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

  #remember(resourceIds: readonly string[]): void {
    const accountId = this.#ledger.account?.id;
    if (accountId === undefined) return;
    const { resources, clock } = this.#core;
    for (const id of resourceIds) resources.put(id, accountId, clock.now());
  }

  #refuse(code: OwnErrorCode, detail: ErrorDetail = {}): void {
    if (this.#answered || this.#over) return;
    this.#search?.cancel();
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
    this.#search?.cancel();
    this.body.release();
    const ledger = this.#ledger;
    this.#reading.note();
    ledger.requestBytes = this.body.size;
    ledger.responseBytes = this.#delivery?.bytes ?? 0;
    ledger.tap = this.#delivery?.finish() ?? null;
    if (this.#search !== null && this.#call.route !== 'other') joinBoard(this.#core, ledger);
    if (ledger.tap?.errorType != null) noteErrorInAnswer(this.#core, ledger, ledger.tap.errorType);
    if (!this.#res.writableFinished && ledger.terminal === 'complete') {
      ledger.terminal = 'client-closed';
      ledger.failed('client_closed', 'The client closed its connection before the answer was complete.');
      ledger.conclusion ||= 'The client left before there was an answer.';
    }
    this.#onOver(this);
  }
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
