import type { RequestRecord, RequestRow, Totals, TotalsReport, Usage } from '../../shared/request-record.ts';
import { NOW } from './fixtures.ts';

const MODELS = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-4-5'] as const;
const SESSIONS = ['7f3a9c12-1f0b', 'b21d44e0-99aa', '0c5e7d31-55cd'] as const;

function makeUsage(index: number): Usage {
  return {
    inputTokens: 40 + ((index * 37) % 900),
    outputTokens: 120 + ((index * 211) % 3800),
    cacheReadTokens: 18_000 + ((index * 4099) % 90_000),
    cacheWriteTokens: (index * 613) % 6000,
    cacheWrite5mTokens: (index * 613) % 6000,
    cacheWrite1hTokens: 0,
    thinkingTokens: index % 3 === 0 ? 64 : null,
    webSearches: null,
    serviceTier: 'standard',
    speed: null,
    inferenceGeo: null,
    partial: false,
  };
}

/** The index-th newest request; about every ninth is a problem of some kind. */
export function makeRow(index: number, overrides: Partial<RequestRow> = {}): RequestRow {
  const startedAt = NOW - 4000 - index * 4700 - (index % 7) * 900;
  return {
    id: `req-${String(100_000 - index)}`,
    startedAt,
    method: 'POST',
    path: '/v1/messages',
    status: 200,
    terminal: 'complete',
    errorCode: null,
    errorMessage: null,
    accountId: 'acc-work',
    accountName: 'work',
    accountKind: 'oauth',
    clientKeyId: 'key-default',
    clientKeyName: 'default',
    client: 'claude-cli/2.1.9',
    sessionId: SESSIONS[index % 3] ?? null,
    agentId: null,
    project: null,
    model: MODELS[index % 3] ?? null,
    servedModel: null,
    streamed: true,
    attempts: 1,
    firstByteMs: 640 + ((index * 97) % 1900),
    durationMs: 2400 + ((index * 1733) % 38_000),
    requestBytes: 91_000 + index * 31,
    responseBytes: 24_000 + index * 17,
    usage: makeUsage(index),
    costNanoUsd: 4_100_000 + ((index * 7_919_000) % 480_000_000),
    imported: false,
    ...variant(index),
    ...overrides,
  };
}

function variant(index: number): Partial<RequestRow> {
  const noAnswer = { usage: null, costNanoUsd: null };
  switch (index % 37) {
    case 3:
    case 15:
      return { accountId: 'acc-api', accountName: 'api-team', accountKind: 'api-key' };
    case 6:
      return {
        ...noAnswer,
        status: 429,
        errorCode: 'rate_limit_error',
        errorMessage: 'All accounts were spent.',
        firstByteMs: 310,
        durationMs: 312,
      };
    case 11:
      return { terminal: 'client-closed', status: 200 };
    case 19:
      return {
        ...noAnswer,
        terminal: 'refused',
        status: 401,
        accountId: null,
        accountName: null,
        accountKind: null,
        errorCode: 'client_key_invalid',
        errorMessage: 'The client key is not valid.',
        sessionId: null,
        model: null,
        firstByteMs: 1,
        durationMs: 1,
      };
    case 24:
      return {
        terminal: 'truncated',
        errorCode: 'upstream_closed',
        errorMessage: 'The provider closed the line in the middle of the answer.',
      };
    case 30:
      return {
        ...noAnswer,
        terminal: 'failed',
        status: 502,
        errorCode: 'upstream_unreachable',
        errorMessage: 'No connection to the provider.',
        firstByteMs: null,
      };
    case 33:
      return { costNanoUsd: null, model: 'claude-preview-x' };
    default:
      return {};
  }
}

/** Newest first. */
export function makeRows(count: number): RequestRow[] {
  return Array.from({ length: count }, (_, index) => makeRow(index));
}

/** A request that failed over from one account to the next. */
export function makeRecord(row: RequestRow): RequestRecord {
  return {
    ...row,
    attempts: 2,
    upstreamRequestId: 'req_011CSHoEeqs5C35K2UUqR7Fy',
    stopReason: row.usage ? 'end_turn' : null,
    trace: {
      strategy: 'session',
      candidates: [
        {
          accountId: 'acc-private',
          accountName: 'private',
          decision: 'chosen',
          reasonCode: 'session_bound',
          reason: 'This session was bound to it and it looked able to serve.',
          until: null,
        },
        {
          accountId: 'acc-work',
          accountName: 'work',
          decision: 'fallback',
          reasonCode: 'priority',
          reason: 'Lowest priority number of the rest, 58 % of its 5-hour window left.',
          until: null,
        },
        {
          accountId: 'acc-lab',
          accountName: 'lab',
          decision: 'skipped',
          reasonCode: 'cooling',
          reason: 'Overloaded a moment ago.',
          until: NOW + 42_000,
        },
        {
          accountId: 'acc-spare',
          accountName: 'spare',
          decision: 'skipped',
          reasonCode: 'paused',
          reason: 'Paused by you.',
          until: null,
        },
      ],
      attempts: [
        {
          accountId: 'acc-private',
          accountName: 'private',
          startedMs: 3,
          headMs: 240,
          endedMs: 244,
          status: 429,
          verdict: 'quota_rejected',
          action: 'next-account',
          reason: 'The 5-hour window is used up until 17:12.',
        },
        {
          accountId: 'acc-work',
          accountName: 'work',
          startedMs: 246,
          headMs: 1100,
          endedMs: row.durationMs,
          status: row.status ?? 200,
          verdict: 'ok',
          action: 'deliver',
          reason: 'The answer began after 854 ms.',
        },
      ],
      conclusion: 'Answered by work after private turned out to be spent; the session now belongs to work.',
      move: null,
      heldMs: 0,
    },
  };
}

/** Sums of nothing. */
const NO_TOTALS: Totals = {
  requests: 0,
  problems: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  spentNanoUsd: 0,
  worthNanoUsd: 0,
  unpricedRequests: 0,
};

/** A busy day of two accounts. */
export function makeTotals(): TotalsReport {
  const work: Totals = {
    requests: 381,
    problems: 6,
    inputTokens: 204_000,
    outputTokens: 412_300,
    cacheReadTokens: 9_840_000,
    cacheWriteTokens: 610_000,
    spentNanoUsd: 0,
    worthNanoUsd: 37_210_000_000,
    unpricedRequests: 0,
  };
  const api: Totals = {
    ...NO_TOTALS,
    requests: 31,
    inputTokens: 12_000,
    outputTokens: 28_400,
    cacheReadTokens: 310_000,
    spentNanoUsd: 4_120_000_000,
    unpricedRequests: 2,
  };
  const all: Totals = {
    requests: work.requests + api.requests,
    problems: work.problems,
    inputTokens: work.inputTokens + api.inputTokens,
    outputTokens: work.outputTokens + api.outputTokens,
    cacheReadTokens: work.cacheReadTokens + api.cacheReadTokens,
    cacheWriteTokens: work.cacheWriteTokens,
    spentNanoUsd: api.spentNanoUsd,
    worthNanoUsd: work.worthNanoUsd,
    unpricedRequests: api.unpricedRequests,
  };
  return { from: NOW, to: NOW, all, byAccount: { 'acc-work': work, 'acc-api': api } };
}
