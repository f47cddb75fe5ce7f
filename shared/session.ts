import { z } from 'zod';

/** A client session that went on with another account, and what that cost. */
export const sessionMoveSchema = z.object({
  /** UTC ms. */
  at: z.number(),
  fromAccountId: z.string(),
  fromAccountName: z.string(),
  toAccountId: z.string(),
  toAccountName: z.string(),
  /** Plain words: why it moved. */
  reason: z.string(),
  /**
   * Prompt tokens that were cached on the old account and had to be written again; 0 when the cache was cold, null when
   * nobody knows, as after a restart.
   */
  cacheTokens: z.number().nullable(),
  /** Price of writing them again less that of reading them, billionths of a US dollar; null = unpriced or unknown. */
  costNanoUsd: z.number().nullable(),
  /** The model's thinking works only on the account that made it: what it had thought was lost. */
  accountBound: z.boolean(),
});

/** See {@link sessionMoveSchema}. */
export type SessionMove = z.infer<typeof sessionMoveSchema>;

/** What the log knows of a session over a span of time. */
export const sessionTotalsSchema = z.object({
  sessionId: z.string(),
  client: z.string().nullable(),
  clientKeyName: z.string().nullable(),
  project: z.string().nullable(),
  /** Of the newest request. */
  model: z.string().nullable(),
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  requests: z.number(),
  problems: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  /** Sum of the priced requests, and how many had no price. */
  costNanoUsd: z.number(),
  /** The part of it that subscriptions served: API-equivalent worth, not money spent. */
  worthNanoUsd: z.number(),
  unpricedRequests: z.number(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
});

/** See {@link sessionTotalsSchema}. */
export type SessionTotals = z.infer<typeof sessionTotalsSchema>;

/** What routing knows of a session now. */
export const liveSessionSchema = z.object({
  sessionId: z.string(),
  /** Where each of its models is bound. */
  bindings: z.array(z.object({ model: z.string(), accountId: z.string() })),
  inFlight: z.number(),
  /** Account the user pinned it to; null when routing is free to choose. */
  pinnedTo: z.string().nullable(),
  /** One of its models has account-bound thinking. */
  accountBound: z.boolean(),
  project: z.string().nullable(),
  lastSeenAt: z.number(),
  /** Newest last, at most 20, since the app started. */
  moves: z.array(sessionMoveSchema).max(20),
});

/** See {@link liveSessionSchema}. */
export type LiveSession = z.infer<typeof liveSessionSchema>;

/** A row of the session board: the log's numbers beside what routing knows; either may be missing. */
export const sessionViewSchema = z.object({
  sessionId: z.string(),
  totals: sessionTotalsSchema.nullable(),
  live: liveSessionSchema.nullable(),
});

/** See {@link sessionViewSchema}. */
export type SessionView = z.infer<typeof sessionViewSchema>;
