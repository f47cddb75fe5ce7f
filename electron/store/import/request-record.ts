import { redact } from '../../../shared/redact.ts';
import type { RequestRecord, TerminalState, Usage } from '../../../shared/request-record.ts';
import { countOf, flagOf, nanoUsdOf, numberOf, textOf, timeOf } from './old-values.ts';
import type { OldRequest } from './request-pages.ts';

/** An account of the old program, as far as its requests are concerned. */
export type RequestAccount = {
  /** Id here; null when the account did not come along. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: 'api-key' | 'oauth' | null;
};

/** Longest id that can be asked for, and longest path that is kept, characters. */
const MAX_ID = 64;
const MAX_PATH = 300;

/** An answer that took longer was never measured right, ms. */
const MAX_DURATION_MS = 86_400_000;

const TRACE: RequestRecord['trace'] = {
  strategy: 'imported',
  candidates: [],
  attempts: [],
  conclusion: 'Imported: the old program kept no record of how it chose the account.',
  move: null,
  heldMs: 0,
};

const FAILED = {
  errorCode: 'imported_failure',
  errorMessage:
    'The old program noted a failure. Its own words were not imported, since they may quote the request.',
};

/**
 * The record that an old request becomes; null when it has no usable id or time. Texts of the old program that could
 * quote a request or a secret do not come along; what it did not know stays unknown.
 */
export function toRecord(
  row: OldRequest,
  accountOf: (oldId: string) => RequestAccount | undefined,
): RequestRecord | null {
  const id = textOf(row.id, MAX_ID + 1);
  const finishedAt = timeOf(row.timestamp);
  if (id === null || id.length > MAX_ID || finishedAt === null) return null;
  const durationMs = durationOf(row);
  return {
    id,
    // The old program overwrote the time of the start with that of the end.
    startedAt: Math.round(finishedAt - durationMs),
    method: textOf(row.method, 10)?.toUpperCase() ?? 'POST',
    path: pathOf(row.path),
    ...endOf(row),
    ...accountFields(row, accountOf),
    clientKeyId: null,
    clientKeyName: tidy(row.api_key_name, 60),
    client: null,
    sessionId: tidy(row.client_session_id, 100),
    project: tidy(row.project, 100),
    agentId: tidy(row.agent_used, 100),
    ...modelsOf(row),
    streamed: false,
    attempts: Math.min(countOf(row.failover_attempts) ?? 0, 49) + 1,
    firstByteMs: null,
    durationMs,
    requestBytes: 0,
    responseBytes: 0,
    usage: usageOf(row),
    costNanoUsd: nanoUsdOf(row.cost_usd),
    imported: true,
    upstreamRequestId: null,
    stopReason: null,
    trace: TRACE,
  };
}

function durationOf({ response_time_ms }: OldRequest): number {
  const ms = numberOf(response_time_ms);
  return ms !== null && ms > 0 && ms <= MAX_DURATION_MS ? ms : 0;
}

/** Text without anything that looks like a secret. */
function tidy(value: unknown, maxLength: number): string | null {
  const text = textOf(value, maxLength);
  return text === null ? null : redact(text);
}

/** Without query and fragment, which may hold keys. */
function pathOf(value: unknown): string {
  const [path = ''] = (textOf(value, 2000) ?? '').split(/[?#]/);
  return redact(path).slice(0, MAX_PATH) || '/';
}

function endOf(row: OldRequest): Pick<RequestRecord, 'status' | 'terminal' | 'errorCode' | 'errorMessage'> {
  const success = flagOf(row.success);
  const code = countOf(row.status_code);
  const given = code !== null && code >= 100 && code <= 599 ? code : null;
  const status = given ?? (success === true ? 200 : null);
  const terminal = terminalOf(textOf(row.stream_terminal_state, 40), status, success);
  const fine = terminal === 'complete' && status !== null && status < 400;
  return { status, terminal, ...(fine ? { errorCode: null, errorMessage: null } : FAILED) };
}

/** An error answer was passed on as a whole; a good status without success means that the answer broke off. */
function terminalOf(said: string | null, status: number | null, success: boolean | null): TerminalState {
  if (said !== null && /client|abort|cancel|disconnect/i.test(said)) return 'client-closed';
  if (said !== null && /trunc|incomplete|interrupt/i.test(said)) return 'truncated';
  if (status === null) return 'failed';
  return status < 400 && success === false ? 'truncated' : 'complete';
}

function accountFields(
  row: OldRequest,
  accountOf: (oldId: string) => RequestAccount | undefined,
): Pick<RequestRecord, 'accountId' | 'accountName' | 'accountKind'> {
  const oldId = textOf(row.account_used, 200);
  const account = oldId === null ? undefined : accountOf(oldId);
  return {
    accountId: account?.id ?? null,
    accountName: account?.name ?? null,
    accountKind: account?.kind ?? kindOfBilling(row.billing_type),
  };
}

/** better-ccflare noted how a request was paid, also for accounts that are gone. */
function kindOfBilling(value: unknown): RequestRecord['accountKind'] {
  if (value === 'plan') return 'oauth';
  return value === 'api' ? 'api-key' : null;
}

function modelsOf(row: OldRequest): Pick<RequestRecord, 'model' | 'servedModel'> {
  const model = tidy(row.model, 120);
  const asked = tidy(row.original_model, 120);
  return { model: asked ?? model, servedModel: tidy(row.applied_model, 120) ?? (asked ? model : null) };
}

/** The oldest rows know only the sum of all that went in (`prompt_tokens`) and what came out. */
function usageOf(row: OldRequest): Usage | null {
  const cacheRead = countOf(row.cache_read_input_tokens);
  const cacheWrite = countOf(row.cache_creation_input_tokens);
  const prompt = countOf(row.prompt_tokens);
  const fresh = prompt === null ? null : Math.max(prompt - (cacheRead ?? 0) - (cacheWrite ?? 0), 0);
  const input = countOf(row.input_tokens) ?? fresh;
  const output = countOf(row.output_tokens) ?? countOf(row.completion_tokens);
  if (![input, output, cacheRead, cacheWrite].some((count) => count !== null && count > 0)) return null;
  return {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    thinkingTokens: null,
    webSearches: null,
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
    partial: false,
  };
}
