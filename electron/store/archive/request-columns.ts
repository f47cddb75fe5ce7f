import type { RequestRow } from '../../../shared/request-record.ts';
import { isProblem } from '../../core/recording/rollup.ts';

/** A row of `requests` as SQLite takes and gives it: flat, booleans as 0 and 1. */
export type RequestColumns = Omit<RequestRow, 'usage' | 'streamed' | 'imported'> & {
  readonly problem: 0 | 1;
  readonly streamed: 0 | 1;
  readonly imported: 0 | 1;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly cacheWrite5mTokens: number | null;
  readonly cacheWrite1hTokens: number | null;
  readonly thinkingTokens: number | null;
  readonly webSearches: number | null;
  readonly serviceTier: string | null;
  readonly speed: string | null;
  readonly inferenceGeo: string | null;
  /** null = the provider reported no usage at all. */
  readonly usagePartial: 0 | 1 | null;
};

const COLUMN_NAMES = {
  id: 'id',
  startedAt: 'started_at',
  method: 'method',
  path: 'path',
  status: 'status',
  terminal: 'terminal',
  problem: 'problem',
  errorCode: 'error_code',
  errorMessage: 'error_message',
  accountId: 'account_id',
  accountName: 'account_name',
  accountKind: 'account_kind',
  clientKeyId: 'client_key_id',
  clientKeyName: 'client_key_name',
  client: 'client',
  sessionId: 'session_id',
  project: 'project',
  agentId: 'agent_id',
  model: 'model',
  servedModel: 'served_model',
  streamed: 'streamed',
  attempts: 'attempts',
  firstByteMs: 'first_byte_ms',
  durationMs: 'duration_ms',
  requestBytes: 'request_bytes',
  responseBytes: 'response_bytes',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  cacheWrite5mTokens: 'cache_write_5m_tokens',
  cacheWrite1hTokens: 'cache_write_1h_tokens',
  thinkingTokens: 'thinking_tokens',
  webSearches: 'web_searches',
  serviceTier: 'service_tier',
  speed: 'speed',
  inferenceGeo: 'inference_geo',
  usagePartial: 'usage_partial',
  costNanoUsd: 'cost_nano_usd',
  imported: 'imported',
} as const satisfies Record<keyof RequestColumns, string>;

const entries = Object.entries(COLUMN_NAMES);

/** Every column, named as in {@link RequestColumns}: for SELECT. */
export const REQUEST_SELECT = entries.map(([name, column]) => `${column} AS ${name}`).join(', ');

/** Adds a request unless its id is there already. Parameters are named as in {@link RequestColumns}. */
export const REQUEST_INSERT = `INSERT INTO requests (${entries.map(([, column]) => column).join(', ')})
  VALUES (${entries.map(([name]) => `@${name}`).join(', ')})
  ON CONFLICT (id) DO NOTHING`;

/** What is stored of a request. Money is rounded to whole billionths. */
export function toColumns(row: RequestRow): RequestColumns {
  const { usage } = row;
  return {
    id: row.id,
    startedAt: Math.trunc(row.startedAt),
    method: row.method,
    path: row.path,
    status: row.status,
    terminal: row.terminal,
    problem: isProblem(row) ? 1 : 0,
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    accountId: row.accountId,
    accountName: row.accountName,
    accountKind: row.accountKind,
    clientKeyId: row.clientKeyId,
    clientKeyName: row.clientKeyName,
    client: row.client,
    sessionId: row.sessionId,
    project: row.project,
    agentId: row.agentId,
    model: row.model,
    servedModel: row.servedModel,
    streamed: row.streamed ? 1 : 0,
    attempts: row.attempts,
    firstByteMs: row.firstByteMs,
    durationMs: row.durationMs,
    requestBytes: row.requestBytes,
    responseBytes: row.responseBytes,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    cacheReadTokens: usage?.cacheReadTokens ?? null,
    cacheWriteTokens: usage?.cacheWriteTokens ?? null,
    cacheWrite5mTokens: usage?.cacheWrite5mTokens ?? null,
    cacheWrite1hTokens: usage?.cacheWrite1hTokens ?? null,
    thinkingTokens: usage?.thinkingTokens ?? null,
    webSearches: usage?.webSearches ?? null,
    serviceTier: usage?.serviceTier ?? null,
    speed: usage?.speed ?? null,
    inferenceGeo: usage?.inferenceGeo ?? null,
    usagePartial: usage ? (usage.partial ? 1 : 0) : null,
    costNanoUsd: row.costNanoUsd === null ? null : Math.round(row.costNanoUsd),
    imported: row.imported ? 1 : 0,
  };
}

/** The list view of a stored row. */
export function toRequestRow(columns: RequestColumns): RequestRow {
  return {
    id: columns.id,
    startedAt: columns.startedAt,
    method: columns.method,
    path: columns.path,
    status: columns.status,
    terminal: columns.terminal,
    errorCode: columns.errorCode,
    errorMessage: columns.errorMessage,
    accountId: columns.accountId,
    accountName: columns.accountName,
    accountKind: columns.accountKind,
    clientKeyId: columns.clientKeyId,
    clientKeyName: columns.clientKeyName,
    client: columns.client,
    sessionId: columns.sessionId,
    project: columns.project,
    agentId: columns.agentId,
    model: columns.model,
    servedModel: columns.servedModel,
    streamed: columns.streamed === 1,
    attempts: columns.attempts,
    firstByteMs: columns.firstByteMs,
    durationMs: columns.durationMs,
    requestBytes: columns.requestBytes,
    responseBytes: columns.responseBytes,
    usage: toUsage(columns),
    costNanoUsd: columns.costNanoUsd,
    imported: columns.imported === 1,
  };
}

function toUsage(columns: RequestColumns): RequestRow['usage'] {
  if (columns.usagePartial === null) return null;
  return {
    inputTokens: columns.inputTokens,
    outputTokens: columns.outputTokens,
    cacheReadTokens: columns.cacheReadTokens,
    cacheWriteTokens: columns.cacheWriteTokens,
    cacheWrite5mTokens: columns.cacheWrite5mTokens,
    cacheWrite1hTokens: columns.cacheWrite1hTokens,
    thinkingTokens: columns.thinkingTokens,
    webSearches: columns.webSearches,
    serviceTier: columns.serviceTier,
    speed: columns.speed,
    inferenceGeo: columns.inferenceGeo,
    partial: columns.usagePartial === 1,
  };
}
