import type { IncomingMessage } from 'node:http';
import type { RoutingRequest } from '../ports.ts';
import { BodyFacts } from './body-facts.ts';
import type { Ledger } from './ledger.ts';
import type { ModelPlace } from './model-map.ts';
import type { ProxyCore } from './proxy-core.ts';
import { type BodyListener, RequestBody } from './request-body.ts';
import { type RequestTarget, type Route, resourceInPath } from './request-target.ts';
import { ACCOUNT_HEADER, accountNamed, PROJECT_HEADER, projectOf, readable } from './request-wishes.ts';
import { onlyOneChoice } from './routing.ts';
import { sessionIdOf } from './session-id.ts';

/** Bodies up to this size are read whole before an account is chosen, bytes. */
const SMALL_BODY = 128 * 1024;

const FILES_BETA = 'files-api';
/** Begins the beta with which a client asks for a context of a million tokens. */
const LONG_CONTEXT_BETA = 'context-1m';
const FILE_ID = /"file_id"\s*:\s*"([\w-]{1,128})"/;

/** Who waits for a request to be understood. */
export type ReadingListener = {
  /** Enough is known to choose an account. Called once. */
  routable(): void;
  bodyTooLarge(): void;
};

/**
 * Reads head and body of a request as far as routing needs them: model, session, resource. Large bodies are
 * passed on as soon as that is known and read on while they pass.
 */
export class RequestReading implements BodyListener {
  readonly body: RequestBody;
  readonly #core: ProxyCore;
  readonly #route: Route;
  readonly #target: RequestTarget;
  readonly #ledger: Ledger;
  readonly #facts: BodyFacts | null;
  readonly #usesFiles: boolean;
  /** Account that the request asks for, as it names it. */
  readonly #wanted: string | null;
  #listener: ReadingListener | null = null;

  constructor(core: ProxyCore, req: IncomingMessage, target: RequestTarget, route: Route, ledger: Ledger) {
    this.#core = core;
    this.#target = target;
    this.#route = route;
    this.#ledger = ledger;
    const settings = core.settings.current();
    const small = route === 'messages' || route === 'count-tokens';
    this.#facts = small && req.method === 'POST' ? new BodyFacts(req.headers['content-encoding']) : null;
    const limits = {
      max: small ? settings.maxMessageBodyBytes : settings.maxUploadBodyBytes,
      replay: settings.replayBufferBytes,
      replayTotal: settings.replayTotalBytes,
    };
    this.body = new RequestBody(req, limits, core.budget);
    const betas = String(req.headers['anthropic-beta'] ?? '');
    this.#usesFiles = betas.includes(FILES_BETA);
    ledger.longContext = betas.includes(LONG_CONTEXT_BETA);
    this.#wanted = readable(req.headers[ACCOUNT_HEADER]);
    ledger.project = projectOf(req.headers[PROJECT_HEADER]);
    ledger.sessionId = sessionIdOf(req.headers['x-claude-code-session-id']);
    ledger.agentId = sessionIdOf(req.headers['x-claude-code-agent-id']);
  }

  start(listener: ReadingListener): void {
    this.#listener = listener;
    this.body.start(this);
    this.#check();
  }

  bodyArrived(chunk: Buffer | null): void {
    if (chunk !== null) this.#facts?.write(chunk);
    if (this.body.complete && this.#listener === null) this.#facts?.finish(null);
    this.#check();
  }

  bodyTooLarge(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.bodyTooLarge();
  }

  /** Whether the request asks for an account that there is none of. */
  get wantsUnknownAccount(): boolean {
    return this.#wanted !== null && accountNamed(this.#core.accounts, this.#wanted) === null;
  }

  /** What balancing gets to know; also notes it in the ledger. */
  routing(): RoutingRequest {
    const facts = this.#facts;
    const whole = this.body.whole();
    if (this.body.complete) facts?.finish(whole);
    else facts?.settle();
    this.note();
    return {
      model: this.#ledger.model,
      longContext: this.#ledger.longContext,
      sessionId: this.#ledger.sessionId,
      bind: this.#route === 'messages' && facts?.isQuotaProbe(whole) !== true,
      pin: this.#wanted === null ? null : accountNamed(this.#core.accounts, this.#wanted),
      now: this.#core.clock.now(),
    };
  }

  /** The account-bound resource the request is about, or null. */
  resource(): string | null {
    const facts = this.#facts;
    return resourceInPath(this.#target.path) ?? facts?.container ?? facts?.thread ?? this.#file();
  }

  /** Whether the body names a model, in the clear or under an encoding. */
  get modelPlace(): ModelPlace {
    if (this.#facts === null) return 'none';
    return this.#facts.encoded ? 'encoded' : 'plain';
  }

  /** Notes what the body has said by now; of a large one that may be more than at routing. */
  note(): void {
    const facts = this.#facts;
    if (facts === null) return;
    this.#ledger.model ??= facts.model;
    this.#ledger.sessionId ??= facts.session;
  }

  /** The first file a small Messages body names; only looked for where the Files beta is on. */
  #file(): string | null {
    if (this.#facts === null || !this.#usesFiles) return null;
    return FILE_ID.exec(this.body.whole()?.toString('latin1') ?? '')?.[1] ?? null;
  }

  #check(): void {
    const listener = this.#listener;
    if (listener === null || !this.#enough()) return;
    this.#listener = null;
    listener.routable();
  }

  #enough(): boolean {
    const { body } = this;
    const facts = this.#facts;
    if (body.complete || !body.kept || facts === null) return true;
    if ((body.declared ?? body.size) <= SMALL_BODY) return false;
    if (facts.done) return true;
    if (facts.model !== null && (this.#ledger.sessionId ?? facts.session) !== null) return true;
    return onlyOneChoice(this.#core.accounts, this.#core.limits, this.#core.clock.now());
  }
}
