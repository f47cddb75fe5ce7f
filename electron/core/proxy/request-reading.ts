import type { IncomingMessage } from 'node:http';
import type { RoutingRequest } from '../ports.ts';
import { BodyFacts } from './body-facts.ts';
import type { Ledger } from './ledger.ts';
import type { ModelPlace } from './model-map.ts';
import type { ProxyCore } from './proxy-core.ts';
import { type BodyListener, RequestBody } from './request-body.ts';
import { BATCHES, type RequestTarget, type Route, resourceInPath } from './request-target.ts';
import { ACCOUNT_HEADER, accountNamed, PROJECT_HEADER, projectOf, readable } from './request-wishes.ts';
import { FileIds, mayNameResources } from './resource-ids.ts';
import { onlyOneChoice } from './routing.ts';
import { sessionIdOf } from './session-id.ts';

/** Bodies up to this size are read whole before an account is chosen, bytes. */
const SMALL_BODY = 128 * 1024;

/** Begins the beta with which a client asks for a context of a million tokens. */
const LONG_CONTEXT_BETA = 'context-1m';
const NO_IDS: readonly string[] = [];

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
  /** Null where the request cannot name what one account holds. */
  readonly #files: FileIds | null;
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
    const mayName = (this.#facts !== null || target.path === BATCHES) && req.method === 'POST';
    this.#files = mayName && mayNameResources(betas) ? new FileIds() : null;
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
    if (chunk !== null) {
      this.#facts?.write(chunk);
      if (this.#listener !== null) this.#files?.write(chunk);
    }
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

  /** Ids of what the request names that one account holds. */
  resources(): readonly string[] {
    const inPath = resourceInPath(this.#target.path);
    if (inPath !== null) return [inPath];
    const container = this.#facts?.container ?? null;
    const thread = this.#facts?.thread ?? null;
    if (container === null && thread === null && this.#files === null) return NO_IDS;
    return [container, thread, ...(this.#files?.found ?? NO_IDS)].filter((id) => id !== null);
  }

  /** Size of the prompt, bytes, as far as it is known. */
  get promptBytes(): number {
    return this.#facts?.plainBytes ?? Math.max(this.body.size, this.body.declared ?? 0);
  }

  /** Bound that the client sets to the answer, tokens; null where none is seen yet. */
  get maxTokens(): number | null {
    return this.#facts?.maxTokens ?? null;
  }

  /** Whether it asks for fast mode, as far as that is seen. */
  get fast(): boolean {
    return this.#facts?.fast === true;
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

  #check(): void {
    const listener = this.#listener;
    if (listener === null || !this.#enough()) return;
    this.#listener = null;
    listener.routable();
  }

  #enough(): boolean {
    const { body } = this;
    const facts = this.#facts;
    if (body.complete || !body.kept) return true;
    // What it names may stand at its very end, and decides.
    if (this.#files !== null) return this.#oneChoice();
    if (facts === null) return true;
    if ((body.declared ?? body.size) <= SMALL_BODY) return false;
    if (facts.done) return true;
    if (facts.model !== null && (this.#ledger.sessionId ?? facts.session) !== null) return true;
    return this.#oneChoice();
  }

  #oneChoice(): boolean {
    return onlyOneChoice(this.#core.accounts, this.#core.limits, this.#core.clock.now());
  }
}
