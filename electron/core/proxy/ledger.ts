import type { IncomingMessage } from 'node:http';
import type { RequestRecord, TerminalState, TraceAttempt } from '../../../shared/request-record.ts';
import type { SessionMove } from '../../../shared/session.ts';
import type { Clock } from '../clock.ts';
import { timeOrderedId } from '../ids.ts';
import type { Verdict } from '../limit-ports.ts';
import type { Account, ClientIdentity, Plan } from '../ports.ts';
import type { PriceUsage, TapResult } from '../usage-ports.ts';
import { candidatesOf } from './trace-candidates.ts';
import { Waits, type Wanted } from './waits.ts';

/** Tries kept in a trace; the schema's bound is 50. */
const MAX_ATTEMPTS = 50;
const MAX_PATH = 300;
const MAX_CLIENT = 80;

const TRACE_ACTION: Record<Verdict['action'], TraceAttempt['action']> = {
  deliver: 'deliver',
  'retry-here': 'retry',
  'refresh-credential': 'retry',
  'next-account': 'next-account',
  stop: 'stop',
};

const RUNNING = 'running';

/** What of a verdict a trace shows. */
type Judged = Pick<Verdict, 'action' | 'code' | 'reason'>;

/** An attempt as it is noted while it runs. */
type Try = { -readonly [K in keyof TraceAttempt]: TraceAttempt[K] };

/** Everything noted about one client request until its record is written. */
export class Ledger {
  readonly id: string;
  readonly startedAt: number;
  path = '';
  status: number | null = null;
  terminal: TerminalState = 'complete';
  errorCode: string | null = null;
  errorMessage: string | null = null;
  conclusion = '';
  account: Account | null = null;
  identity: ClientIdentity | null = null;
  sessionId: string | null = null;
  project: string | null = null;
  /** Its session went on with another account by this request. */
  move: SessionMove | null = null;
  /** The session board counts it among the running ones. */
  onBoard = false;
  agentId: string | null = null;
  model: string | null = null;
  /** It asks for the long context. */
  longContext = false;
  streamed = false;
  /** Served by a subscription as paid overage. */
  overage = false;
  requestBytes = 0;
  responseBytes = 0;
  upstreamRequestId: string | null = null;
  tap: TapResult | null = null;
  readonly #clock: Clock;
  readonly #req: IncomingMessage;
  readonly #started: number;
  #firstByteMs: number | null = null;
  #plan: Plan | null = null;
  readonly #tries: Try[] = [];
  /** Null for nearly all: nothing was waited for. */
  #waits: Waits | null = null;
  #tryCount = 0;
  /** Null for nearly all: the account has no cap. */
  #pledge: (() => void) | null = null;

  constructor(clock: Clock, req: IncomingMessage) {
    this.#clock = clock;
    this.#req = req;
    this.#started = clock.monotonic();
    this.startedAt = clock.now();
    this.id = timeOrderedId(this.startedAt);
  }

  /** ms since the request began, to a hundredth. */
  elapsed(): number {
    return Math.round((this.#clock.monotonic() - this.#started) * 100) / 100;
  }

  planned(plan: Plan): void {
    this.#plan = plan;
  }

  /** Our answer's head leaves now. */
  headSent(status: number): void {
    this.status = status;
    this.#firstByteMs = this.elapsed();
  }

  /** A try begins. */
  tryStarted(account: Account | null): void {
    this.#tryCount += 1;
    this.#note(account).reason = 'The request ended while this try was running.';
  }

  /** The running try is sent again: its line had been closed before it was used. */
  tryResumed(): void {
    const last = this.#tries.at(-1);
    if (last !== undefined) last.endedMs = null;
  }

  /** Head or failure of the running try. */
  tryJudged(status: number | null, verdict: Judged): void {
    const last = this.#tries.at(-1);
    if (last === undefined) return;
    last.headMs = this.elapsed();
    last.status = status;
    last.verdict = verdict.code;
    last.action = TRACE_ACTION[verdict.action];
    last.reason = verdict.reason;
  }

  tryEnded(): void {
    const last = this.#tries.at(-1);
    if (last !== undefined) last.endedMs ??= this.elapsed();
  }

  /** An account was left out although it was planned: nothing was sent to it, or not again. */
  passedOver(account: Account, verdict: Judged): void {
    const last = this.#tries.at(-1);
    if (last?.verdict !== RUNNING || last.accountId !== account.id) this.#note(account);
    this.tryJudged(null, verdict);
    this.tryEnded();
  }

  /** Why this request did not stay with an account, or did not go there; null when it has nothing to say. */
  whyLeft(accountId: string): string | null {
    for (let i = this.#tries.length - 1; i >= 0; i -= 1) {
      const tried = this.#tries[i];
      if (tried?.accountId === accountId && tried.action === 'next-account') return tried.reason;
    }
    return this.#plan?.skipped.find(({ account }) => account.id === accountId)?.reason ?? null;
  }

  /** Nothing goes on until {@link waitEnds}. */
  waitBegins(wanted: Wanted): void {
    this.#waits ??= new Waits(this.#clock);
    this.#waits.begin(wanted);
  }

  /** It goes on; without a wait nothing happens. */
  waitEnds(): void {
    this.#waits?.end();
  }

  /** Money is put aside for the request; what was before is free again. Null: none is. */
  pledged(release: (() => void) | null): void {
    this.#pledge?.();
    this.#pledge = release;
  }

  failed(code: string, message: string): void {
    this.errorCode = code;
    this.errorMessage = message;
  }

  /** The record, complete. */
  record(price: PriceUsage): RequestRecord {
    const usage = this.tap?.usage ?? null;
    const servedModel = this.tap?.servedModel ?? null;
    return {
      id: this.id,
      startedAt: this.startedAt,
      method: this.#req.method ?? '',
      path: this.path.slice(0, MAX_PATH),
      status: this.status,
      terminal: this.terminal,
      errorCode: this.errorCode,
      errorMessage: this.errorMessage,
      accountId: this.account?.id ?? null,
      accountName: this.account?.name ?? null,
      accountKind: this.account?.kind ?? null,
      clientKeyId: this.identity?.keyId ?? null,
      clientKeyName: this.identity?.keyName ?? null,
      client: this.#req.headers['user-agent']?.slice(0, MAX_CLIENT) ?? null,
      sessionId: this.sessionId,
      project: this.project,
      agentId: this.agentId,
      model: this.model,
      servedModel,
      streamed: this.streamed,
      attempts: this.#tryCount,
      firstByteMs: this.#firstByteMs,
      durationMs: this.elapsed(),
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      usage,
      costNanoUsd: usage === null ? null : price(servedModel ?? this.model, usage, this.startedAt),
      imported: false,
      upstreamRequestId: this.upstreamRequestId,
      stopReason: this.tap?.stopReason ?? null,
      trace: {
        strategy: this.#plan?.strategy ?? 'none',
        candidates: this.#plan === null ? [] : candidatesOf(this.#plan),
        attempts: this.#tries,
        conclusion: this.#waits?.addTo(this.conclusion) ?? this.conclusion,
        move: this.move,
        heldMs: this.#waits?.total ?? 0,
      },
    };
  }

  #note(account: Account | null): Try {
    const now = this.elapsed();
    const entry: Try = {
      accountId: account?.id ?? 'client',
      accountName: account?.name ?? 'the client itself',
      startedMs: now,
      headMs: null,
      endedMs: null,
      status: null,
      verdict: RUNNING,
      action: 'stop',
      reason: '',
    };
    if (this.#tries.length === MAX_ATTEMPTS) this.#tries.pop();
    this.#tries.push(entry);
    return entry;
  }
}
