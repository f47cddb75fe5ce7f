import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { timeOrderedId } from '../ids.ts';
import type { ClientKeyring, RateLimiter, Recorder } from '../ports.ts';
import type { PriceUsage } from '../usage-ports.ts';
import { Exchange } from './exchange.ts';
import { describe } from './failure-kind.ts';
import { admit, inspect, type OwnAddress, type Refusal } from './guard.ts';
import { Ledger } from './ledger.ts';
import { noteRecord } from './noting.ts';
import { sendEmpty, sendError, sendHealth, sendRawError } from './own-answers.ts';
import { OWN_ERRORS, type OwnErrorCode } from './own-errors.ts';
import type { ProxyCore } from './proxy-core.ts';
import { discardBody } from './request-body.ts';
import { loggablePath, type RequestTarget, routeOf } from './request-target.ts';
import type { Roster } from './roster.ts';
import type { Sweep } from './sweep.ts';

/** What receiving needs besides what exchanges share. */
export type ReceptionDeps = {
  readonly core: ProxyCore;
  readonly keyring: ClientKeyring;
  readonly authLimiter: RateLimiter;
  readonly clientLimiter: RateLimiter;
  readonly recorder: Recorder;
  readonly price: PriceUsage;
  readonly sweep: Sweep;
  /** Running exchanges; added and removed here. */
  readonly running: Roster<Exchange>;
  readonly onRunningChange: () => void;
  readonly own: () => OwnAddress;
  readonly draining: () => boolean;
};

/** Takes requests as Node hands them over: answers, refuses, or starts an exchange. */
export class Reception {
  readonly #deps: ReceptionDeps;

  constructor(deps: ReceptionDeps) {
    this.#deps = deps;
  }

  /** A request whose head is complete. Never throws. */
  receive(req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): void {
    const ledger = new Ledger(this.#deps.core.clock, req);
    res.sendDate = false;
    // A write to a connection that just went away reports here; its 'close' tells us the same.
    res.on('error', () => undefined);
    try {
      this.#receive(req, res, ledger, expectsContinue);
    } catch (error) {
      this.#deps.core.log.error('reception_failed', { id: ledger.id, reason: describe(error) });
      if (!res.headersSent) this.#refuse(req, res, ledger, { code: 'internal' });
    }
  }

  /** A request that wants the connection for itself (CONNECT, Upgrade). */
  refuseTunnel(req: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => undefined);
    const ledger = new Ledger(this.#deps.core.clock, req);
    this.#noteRefusal(ledger, req, 'upgrade_refused');
    sendRawError(socket, ledger.id, 'upgrade_refused');
    this.#deps.recorder.record(ledger.record(this.#deps.price));
  }

  /** Bytes that are no valid request, or a head that took too long. */
  refuseBytes(error: NodeJS.ErrnoException, socket: Duplex): void {
    const code = parserRefusal(error.code);
    this.#deps.core.log.debug('connection_refused', { code, reason: error.code ?? null });
    if (error.code === 'ECONNRESET') socket.destroy();
    else sendRawError(socket, timeOrderedId(this.#deps.core.clock.now()), code);
  }

  /** An `Expect` other than 100-continue. */
  refuseExpectation(req: IncomingMessage, res: ServerResponse): void {
    res.sendDate = false;
    this.#refuse(req, res, new Ledger(this.#deps.core.clock, req), { code: 'expectation_failed' });
  }

  #receive(req: IncomingMessage, res: ServerResponse, ledger: Ledger, expectsContinue: boolean): void {
    const { core } = this.#deps;
    const seen = inspect(req, this.#deps.own());
    if ('refusal' in seen) {
      this.#refuse(req, res, ledger, seen.refusal);
      return;
    }
    const { target } = seen;
    if (answeredLocally(req, res, target)) return;
    ledger.path = loggablePath(target.path);
    if (this.#deps.draining()) {
      this.#refuse(req, res, ledger, { code: 'stopping' });
      return;
    }
    const admission = admit(req, target, {
      keyring: this.#deps.keyring,
      authLimiter: this.#deps.authLimiter,
      clientLimiter: this.#deps.clientLimiter,
      limits: core.settings.current(),
    });
    if ('code' in admission) {
      this.#refuse(req, res, ledger, admission);
      return;
    }
    ledger.identity = admission.identity;
    if (admission.identity !== null) this.#deps.keyring.touched(admission.identity.keyId, ledger.startedAt);
    const route = routeOf(target.path);
    if (route === 'other' && !admission.ownCredential) {
      this.#refuse(req, res, ledger, { code: 'not_found' });
      return;
    }
    if (route !== 'other') ledger.path = target.path;
    const exchange = new Exchange(core, req, res, { target, route, admission }, ledger, (over) => {
      this.#left(over, ledger);
    });
    this.#enter(exchange, expectsContinue);
  }

  #enter(exchange: Exchange, expectsContinue: boolean): void {
    const { running, sweep, onRunningChange } = this.#deps;
    running.add(exchange);
    sweep.arm();
    onRunningChange();
    exchange.begin(expectsContinue);
  }

  #left(exchange: Exchange, ledger: Ledger): void {
    const { running, onRunningChange, recorder, price, core } = this.#deps;
    running.remove(exchange);
    const record = ledger.record(price);
    recorder.record(record);
    noteRecord(core, ledger, record);
    onRunningChange();
  }

  #refuse(req: IncomingMessage, res: ServerResponse, ledger: Ledger, { code, detail }: Refusal): void {
    this.#noteRefusal(ledger, req, code);
    // Closing on a client that still sends would take our answer from it.
    discardBody(req);
    sendError(res, ledger.id, code, detail);
    this.#deps.recorder.record(ledger.record(this.#deps.price));
  }

  #noteRefusal(ledger: Ledger, req: IncomingMessage, code: OwnErrorCode): void {
    if (ledger.path === '') ledger.path = loggablePath(req.url ?? '');
    ledger.terminal = 'refused';
    ledger.failed(code, OWN_ERRORS[code].message);
    ledger.conclusion = OWN_ERRORS[code].message;
    ledger.headSent(OWN_ERRORS[code].status);
    this.#deps.core.news.refused(code);
  }
}

/** Health and the warm-up probes of clients: no key, no detail, no record. */
function answeredLocally(req: IncomingMessage, res: ServerResponse, { path }: RequestTarget): boolean {
  const head = req.method === 'HEAD';
  if (path === '/health' && (head || req.method === 'GET')) {
    sendHealth(res);
    return true;
  }
  if (!head || (path !== '/' && path !== '/api/hello')) return false;
  sendEmpty(res);
  return true;
}

function parserRefusal(code: string | undefined): OwnErrorCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'head_timeout';
  return code?.startsWith('HPE_UNEXPECTED_CONTENT_LENGTH') === true ||
    code?.startsWith('HPE_INVALID_TRANSFER_ENCODING') === true ||
    code === 'HPE_INVALID_CONTENT_LENGTH'
    ? 'bad_framing'
    : 'bad_request';
}
