import { z } from 'zod';
import { sessionMoveSchema } from './session.ts';

/**
 * How a request ended.
 * `complete`: the whole answer reached the client. `refused`: our guard said no. `failed`: we answered with an
 * error of our own. `truncated`: the provider's answer broke off and so did ours. `client-closed`: the client
 * left first.
 */
export const TERMINAL_STATES = ['complete', 'refused', 'failed', 'truncated', 'client-closed'] as const;

/** See {@link TERMINAL_STATES}. */
export type TerminalState = (typeof TERMINAL_STATES)[number];

/** Token counts of one request. null = the provider did not say; never guessed. */
export const usageSchema = z.object({
  /** After the last cache breakpoint only. */
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  cacheReadTokens: z.number().nullable(),
  /** All cache writes. */
  cacheWriteTokens: z.number().nullable(),
  /** The part of cacheWriteTokens kept for 5 minutes; null when the split is unknown. */
  cacheWrite5mTokens: z.number().nullable(),
  /** The part of cacheWriteTokens kept for 1 hour; null when the split is unknown. */
  cacheWrite1hTokens: z.number().nullable(),
  /** Inside outputTokens. */
  thinkingTokens: z.number().nullable(),
  webSearches: z.number().nullable(),
  serviceTier: z.string().nullable(),
  speed: z.string().nullable(),
  inferenceGeo: z.string().nullable(),
  /** True when the answer broke off before the final count: outputTokens is then a lower bound. */
  partial: z.boolean(),
});

/** See {@link usageSchema}. */
export type Usage = z.infer<typeof usageSchema>;

/** One account that was looked at while routing, with the reason in plain words. */
export const traceCandidateSchema = z.object({
  accountId: z.string(),
  accountName: z.string(),
  /** `chosen`, `fallback` (next in line) or `skipped`. */
  decision: z.enum(['chosen', 'fallback', 'skipped']),
  reasonCode: z.string(),
  reason: z.string(),
  /** UTC ms when a skipped account is expected back; null when unknown. */
  until: z.number().nullable(),
});

/** See {@link traceCandidateSchema}. */
export type TraceCandidate = z.infer<typeof traceCandidateSchema>;

/** One try at the provider. Times are ms since the request started. */
export const traceAttemptSchema = z.object({
  accountId: z.string(),
  accountName: z.string(),
  startedMs: z.number(),
  /** Response head or failure. */
  headMs: z.number().nullable(),
  endedMs: z.number().nullable(),
  status: z.number().nullable(),
  /** Verdict of the classification, e.g. `ok`, `quota_rejected`, `overloaded`, `connect_error`. */
  verdict: z.string(),
  /** What was done then: `deliver`, `retry`, `next-account`, `stop`. */
  action: z.enum(['deliver', 'retry', 'next-account', 'stop']),
  reason: z.string(),
});

/** See {@link traceAttemptSchema}. */
export type TraceAttempt = z.infer<typeof traceAttemptSchema>;

/** Why the request went where it went. */
export const traceSchema = z.object({
  strategy: z.string(),
  candidates: z.array(traceCandidateSchema).max(200),
  attempts: z.array(traceAttemptSchema).max(50),
  /** One sentence: why this final answer was delivered. */
  conclusion: z.string(),
  /** Set when its session went on with another account by this request. */
  move: sessionMoveSchema.nullable().default(null),
  /** ms it waited for an account to come back or to be let in; 0 for nearly all. */
  heldMs: z.number().default(0),
});

/** The list view of a request: metadata only, no body, no header values beyond those named here. */
export const requestRowSchema = z.object({
  /** Time-ordered (UUIDv7), also the answer's `request_id` where we answer ourselves. */
  id: z.string(),
  /** UTC ms of the first byte of the request. */
  startedAt: z.number(),
  method: z.string(),
  /** Path without client key, query and fragment, at most 300 characters. */
  path: z.string(),
  /** Status sent to the client; null when the client left before there was one. */
  status: z.number().nullable(),
  terminal: z.enum(TERMINAL_STATES),
  /** Our error code or the provider's `error.type`; null when fine. */
  errorCode: z.string().nullable(),
  /** Plain words for errorCode; never provider body text. */
  errorMessage: z.string().nullable(),
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  /** Kind of that account: subscription costs are API-equivalent, not money spent. */
  accountKind: z.enum(['api-key', 'oauth']).nullable(),
  clientKeyId: z.string().nullable(),
  clientKeyName: z.string().nullable(),
  /** First part of the client's user-agent, at most 80 characters. */
  client: z.string().nullable(),
  sessionId: z.string().nullable(),
  /** From the header `x-ccflare-project`, where the client sends it. */
  project: z.string().nullable(),
  agentId: z.string().nullable(),
  /** Model asked for. */
  model: z.string().nullable(),
  /** Model that really served, where the answer says so. */
  servedModel: z.string().nullable(),
  streamed: z.boolean(),
  attempts: z.number(),
  /** ms until the first byte of the answer's head left for the client. */
  firstByteMs: z.number().nullable(),
  durationMs: z.number(),
  requestBytes: z.number(),
  responseBytes: z.number(),
  usage: usageSchema.nullable(),
  /** Billionths of a US dollar; null = unpriced. */
  costNanoUsd: z.number().nullable(),
  /** It came with the history of an older program and never went through this one. */
  imported: z.boolean(),
});

/** See {@link requestRowSchema}. */
export type RequestRow = z.infer<typeof requestRowSchema>;

/** Everything kept about a request. */
export const requestRecordSchema = requestRowSchema.extend({
  /** Provider's `request-id` header. */
  upstreamRequestId: z.string().nullable(),
  stopReason: z.string().nullable(),
  trace: traceSchema,
});

/** See {@link requestRecordSchema}. */
export type RequestRecord = z.infer<typeof requestRecordSchema>;

/** Filter of the request list. All given parts must hold. */
export const requestFilterSchema = z.strictObject({
  outcome: z.enum(['all', 'ok', 'problem']).default('all'),
  accountId: z.string().max(64).optional(),
  model: z.string().max(120).optional(),
  /** Case-insensitive part of path, model, account, session, project, error code or id. */
  text: z.string().max(200).optional(),
});

/** See {@link requestFilterSchema}. */
export type RequestFilter = z.infer<typeof requestFilterSchema>;

/** Position in the list, newest first: the last row seen. */
export const requestCursorSchema = z.strictObject({ startedAt: z.number(), id: z.string().max(64) });

/** See {@link requestCursorSchema}. */
export type RequestCursor = z.infer<typeof requestCursorSchema>;

/** One page of the list; `next` is null on the last page. */
export const requestPageSchema = z.object({
  rows: z.array(requestRowSchema),
  next: requestCursorSchema.nullable(),
});

/** See {@link requestPageSchema}. */
export type RequestPage = z.infer<typeof requestPageSchema>;

/** Sums over a span of time. Costs are split so that API-equivalent worth is never shown as money spent. */
export const totalsSchema = z.object({
  requests: z.number(),
  /** Requests that did not end `complete` with a status below 400. */
  problems: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  /** Spent through API-key accounts, billionths of a US dollar. */
  spentNanoUsd: z.number(),
  /** API-equivalent worth of subscription traffic, billionths of a US dollar. */
  worthNanoUsd: z.number(),
  /** Requests with usage but no known price. */
  unpricedRequests: z.number(),
});

/** See {@link totalsSchema}. */
export type Totals = z.infer<typeof totalsSchema>;

/** Totals of a span, as a whole and per account id (`none` where no account served). */
export const totalsReportSchema = z.object({
  from: z.number(),
  to: z.number(),
  all: totalsSchema,
  byAccount: z.record(z.string(), totalsSchema),
});

/** Sums per UTC hour that had requests, oldest first. */
export const hourlyTotalsSchema = z.object({
  hours: z.array(z.object({ /** UTC ms of the hour's start. */ start: z.number(), totals: totalsSchema })),
});

/** See {@link hourlyTotalsSchema}. */
export type HourlyReport = z.infer<typeof hourlyTotalsSchema>;

/** See {@link totalsReportSchema}. */
export type TotalsReport = z.infer<typeof totalsReportSchema>;
