import type { IncomingMessage } from 'node:http';
import type {
  RequestRecord,
  TerminalState,
  TraceAttempt,
  TraceCandidate,
} from '../../../shared/request-record.ts';
import type { Clock } from '../clock.ts';
import { timeOrderedId } from '../ids.ts';
import type { Account, ClientIdentity, Plan, Verdict } from '../ports.ts';
import type { PriceUsage, TapResult } from '../usage-ports.ts';

/** Tries kept in a trace; the schema's bound is 50. */
const MAX_ATTEMPTS = 50;
const MAX_CANDIDATES = 200;
const MAX_PATH = 300;
const MAX_CLIENT = 80;

const TRACE_ACTION: Record<Verdict['action'], TraceAttempt['action']> = {
  deliver: 'deliver',
  'retry-here': 'retry',
  'refresh-credential': 'retry',
  'next-account': 'next-account',
  stop: 'stop',
};

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
  agentId: string | null = null;
  model: string | null = null;
  streamed = false;
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
  #tryCount = 0;

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
    if (this.#tries.length === MAX_ATTEMPTS) this.#tries.pop();
    this.#tries.push({
      accountId: account?.id ?? 'client',
      accountName: account?.name ?? 'the client itself',
      startedMs: this.elapsed(),
      headMs: null,
      endedMs: null,
      status: null,
      verdict: 'running',
      action: 'stop',
      reason: 'The request ended while this try was running.',
    });
  }

  /** Head or failure of the running try. */
  tryJudged(status: number | null, verdict: Pick<Verdict, 'action' | 'code' | 'reason'>): void {
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
      upstreamRequestId: this.upstreamRequestId,
      stopReason: this.tap?.stopReason ?? null,
      trace: {
        strategy: this.#plan?.strategy ?? 'none',
        candidates: this.#plan === null ? [] : candidates(this.#plan),
        attempts: this.#tries,
        conclusion: this.conclusion,
      },
    };
  }
}

function candidates(plan: Plan): TraceCandidate[] {
  const out: TraceCandidate[] = plan.accounts.map(({ account, reasonCode, reason }, index) => ({
    accountId: account.id,
    accountName: account.name,
    decision: index === 0 ? 'chosen' : 'fallback',
    reasonCode,
    reason,
    until: null,
  }));
  for (const { account, reasonCode, reason, until } of plan.skipped) {
    out.push({
      accountId: account.id,
      accountName: account.name,
      decision: 'skipped',
      reasonCode,
      reason,
      until,
    });
  }
  return out.slice(0, MAX_CANDIDATES);
}
