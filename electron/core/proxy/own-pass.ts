import type { Verdict } from '../limit-ports.ts';
import { Attempt, type AttemptListener } from './attempt.ts';
import { failureKind } from './failure-kind.ts';
import { upstreamHeaders } from './headers.ts';
import { type PassListener, type PassRequest, sendAttempt } from './pass-contract.ts';
import type { Upstream } from './upstream.ts';

const DELIVER: Verdict = {
  scope: 'none',
  action: 'deliver',
  code: 'client_credential',
  reason: 'The client used its own credential; its answer is passed on as it is.',
};

/**
 * Passes a request on with the client's own credential, to the provider's default address. No account is touched
 * and nothing is classified: whatever comes back is the client's.
 */
export class OwnPass implements AttemptListener {
  readonly #upstream: Upstream;
  readonly #request: PassRequest;
  readonly #strip: ReadonlySet<string>;
  readonly #baseUrl: string;
  readonly #listener: PassListener;
  #attempt: Attempt | null = null;
  #staleRetried = false;

  /** `strip`: lower-case names of headers that hold a client key of ours. */
  constructor(
    upstream: Upstream,
    request: PassRequest,
    strip: ReadonlySet<string>,
    baseUrl: string,
    listener: PassListener,
  ) {
    this.#upstream = upstream;
    this.#request = request;
    this.#strip = strip;
    this.#baseUrl = baseUrl;
    this.#listener = listener;
  }

  /** Sends it. */
  start(): void {
    this.#request.ledger.tryStarted(null);
    this.#send();
  }

  /** The client is gone. */
  cancel(): void {
    this.#attempt?.abandon();
  }

  attemptErrs(attempt: Attempt): void {
    attempt.decide();
  }

  attemptAnswered(attempt: Attempt): void {
    this.#request.ledger.tryJudged(attempt.status, DELIVER);
    this.#listener.passDelivers(attempt, DELIVER);
  }

  attemptFailed(attempt: Attempt, error: Error): void {
    const kind = failureKind(error);
    if (kind === 'reset' && attempt.stale && !this.#staleRetried && this.#request.body.replayable) {
      this.#staleRetried = true;
      this.#send();
      return;
    }
    const code = kind === 'head-timeout' ? 'head_timeout' : 'connect_error';
    const verdict: Verdict = {
      scope: 'upstream',
      action: 'stop',
      code,
      reason: `connection failed (${kind})`,
    };
    this.#request.ledger.tryJudged(null, verdict);
    this.#listener.passEnds({ account: null, attempt: null, verdict, network: true });
  }

  #send(): void {
    const { rawHeaders, ledger } = this.#request;
    const headers = upstreamHeaders(rawHeaders, { kind: 'own', strip: this.#strip });
    const attempt = new Attempt(this.#upstream, null, null, this, () => ledger.tryEnded());
    this.#attempt = attempt;
    sendAttempt(this.#upstream, attempt, this.#baseUrl, this.#request, headers);
  }
}
