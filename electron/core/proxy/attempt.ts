import type { Dispatcher } from 'undici';
import type { Account, Credential } from '../ports.ts';
import { decodeRawHeaders, ParsedHeaders } from './headers.ts';
import type { Upstream } from './upstream.ts';

/** Whoever takes the answer that is to reach the client. */
export type AnswerSink = {
  data(chunk: Buffer): void;
  end(): void;
  /** The answer broke off. */
  broken(error: Error): void;
};

/** Whoever decides about an attempt. Exactly one of the last two is called, once, unless it is abandoned. */
export type AttemptListener = {
  /** An error's head is here; its body is read before `attemptAnswered`, which may take a while. */
  attemptErrs(attempt: Attempt): void;
  /** The head is here; of an error answer also the body, as far as it is kept. */
  attemptAnswered(attempt: Attempt): void;
  attemptFailed(attempt: Attempt, error: Error): void;
};

/** Error bodies are read up to this size before deciding, bytes. */
const MAX_ERROR_BODY = 64 * 1024;

const ABANDONED = new Error('abandoned');
const NO_HEADERS = new ParsedHeaders({});

/** One request to the provider, from dispatch to the last byte of its answer. */
export class Attempt implements Dispatcher.DispatchHandler {
  /** Null when the client's own credential is passed on. */
  readonly account: Account | null;
  readonly credential: Credential | null;
  status = 0;
  statusMessage = '';
  headers = NO_HEADERS;
  /** As the wire had them. */
  rawHeaders: string[] = [];
  /** Error answers only: what has arrived before the decision. */
  readonly body: Buffer[] = [];
  /** Everything of the answer has arrived. */
  ended = false;
  /** The account helps out for another, for trouble of the provider or for money: the session goes home next time. */
  guest = false;
  /** The request was written to a connection that had served before, and not a byte came back. */
  stale = false;
  readonly #upstream: Upstream;
  readonly #listener: AttemptListener;
  readonly #settled: () => void;
  #bodyBytes = 0;
  #controller: Dispatcher.DispatchController | null = null;
  #sink: AnswerSink | null = null;
  #reported = false;
  #over = false;

  /** `settled` is called once, when the attempt no longer uses the account. */
  constructor(
    upstream: Upstream,
    account: Account | null,
    credential: Credential | null,
    listener: AttemptListener,
    settled: () => void,
  ) {
    this.#upstream = upstream;
    this.account = account;
    this.credential = credential;
    this.#listener = listener;
    this.#settled = settled;
  }

  /** Sends the answer on: what is kept of it at once, the rest as it comes. */
  deliverTo(sink: AnswerSink): void {
    this.#sink = sink;
    for (const chunk of this.body.splice(0)) sink.data(chunk);
    if (this.ended) sink.end();
  }

  /** Ends it; nothing is reported any more. The connection is closed unless the answer is complete. */
  abandon(): void {
    this.#settle();
    this.#sink = null;
    this.#reported = true;
    if (!this.ended) this.#controller?.abort(ABANDONED);
  }

  /** Stops reading from the provider until {@link resume}. */
  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.stale = !this.#upstream.opening;
    if (this.#over) controller.abort(ABANDONED);
  }

  onResponseStarted(): void {
    this.stale = false;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    statusMessage?: string,
  ): void {
    // Interim answers (RFC 9110 section 15.2) are not for the client: the final one follows.
    if (status < 200) return;
    this.status = status;
    this.statusMessage = statusMessage ?? '';
    this.headers = new ParsedHeaders(headers);
    this.rawHeaders = decodeRawHeaders(controller.rawHeaders);
    if (status < 400) this.#answered();
    else this.#listener.attemptErrs(this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink !== null) {
      this.#sink.data(chunk);
      return;
    }
    if (this.#over) return;
    this.body.push(chunk);
    this.#bodyBytes += chunk.length;
    if (this.#bodyBytes > MAX_ERROR_BODY) this.#answered();
  }

  onResponseEnd(): void {
    this.ended = true;
    if (this.#sink === null) {
      this.#answered();
      return;
    }
    this.#settle();
    this.#sink.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.ended) return;
    this.#settle();
    if (this.#sink !== null) {
      this.#sink.broken(error);
      return;
    }
    if (this.#reported) return;
    this.#reported = true;
    this.#listener.attemptFailed(this, error);
  }

  /** Decides now with what is here; for error bodies that trickle. */
  decide(): void {
    this.#answered();
  }

  #answered(): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#listener.attemptAnswered(this);
    // Not before: whoever waits for its place must find what this answer says about the account.
    if (this.ended) this.#settle();
  }

  #settle(): void {
    if (this.#over) return;
    this.#over = true;
    this.#settled();
  }
}
