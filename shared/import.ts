import { z } from 'zod';
import { errorViewSchema } from './errors.ts';

/** A database that was found or chosen. The page names it by id; paths are for reading only. */
export const importSourceSchema = z.object({
  id: z.string(),
  /** Program whose database it is. */
  product: z.enum(['ccflare', 'better-ccflare']),
  path: z.string(),
  bytes: z.number(),
  /** UTC ms of the last change, of the database or its log. */
  changedAt: z.number(),
});

/** See {@link importSourceSchema}. */
export type ImportSource = z.infer<typeof importSourceSchema>;

/** One account of the old database and what becomes of it. */
export const importAccountSchema = z.object({
  /** Id in the old database. */
  sourceId: z.string(),
  name: z.string(),
  /** Null when it cannot come. */
  kind: z.enum(['api-key', 'oauth']).nullable(),
  priority: z.number(),
  paused: z.boolean(),
  /** The name it gets here, when its own is taken. */
  renamedTo: z.string().nullable(),
  /** Why it is skipped, in plain words; null when it comes. */
  skipped: z.string().nullable(),
  /** Worth knowing, e.g. that its login is shared with the old program. */
  note: z.string().nullable(),
});

/** See {@link importAccountSchema}. */
export type ImportAccount = z.infer<typeof importAccountSchema>;

/** What an import would bring, before anything is written. */
export const importPreviewSchema = z.object({
  source: importSourceSchema,
  accounts: z.array(importAccountSchema).max(500),
  /** Settings that carry over: our key, and the value in words. */
  settings: z.array(z.object({ key: z.string(), value: z.string(), note: z.string().nullable() })),
  agentPreferences: z.number(),
  requests: z.object({
    count: z.number(),
    oldestAt: z.number().nullable(),
    newestAt: z.number().nullable(),
  }),
  /** What stays behind, with the reason: bodies, unknown tables, foreign providers... */
  skipped: z.array(z.object({ what: z.string(), count: z.number(), reason: z.string() })),
  /** In plain words: the file holds tokens in clear, the old program still runs, the schema is newer... */
  warnings: z.array(z.string()),
});

/** See {@link importPreviewSchema}. */
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** What an import brought. */
export const importResultSchema = z.object({
  accountsAdded: z.number(),
  accountsSkipped: z.number(),
  settingsTaken: z.number(),
  agentPreferences: z.number(),
  requestsAdded: z.number(),
  /** Rows that were here already, from an earlier import. */
  requestsKnown: z.number(),
  /** Rows that could not be read. */
  requestsBroken: z.number(),
});

/** See {@link importResultSchema}. */
export type ImportResult = z.infer<typeof importResultSchema>;

/** The import that runs, or how the last one ended. */
export const importStateSchema = z.object({
  sourceId: z.string(),
  phase: z.enum(['copying', 'ready', 'running', 'done', 'failed', 'cancelled']),
  requestsDone: z.number(),
  requestsTotal: z.number(),
  result: importResultSchema.nullable(),
  error: errorViewSchema.nullable(),
});

/** See {@link importStateSchema}. */
export type ImportState = z.infer<typeof importStateSchema>;
