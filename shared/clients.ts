import { z } from 'zod';

/**
 * The set-up of Claude Code. `off`: its settings do not name us. `on`: they do, as we wrote them. `overruled`: they
 * do, but something else decides where it goes. `drifted`: we set it up, and somebody has changed it since.
 * `unreadable`: the file cannot be read or is not JSON.
 */
export const claudeCodeStateSchema = z.object({
  phase: z.enum(['off', 'on', 'overruled', 'drifted', 'unreadable']),
  /** Path of the settings file, for reading only. */
  settingsFile: z.string(),
  /** Whether Claude Code seems to be installed or used on this computer. */
  found: z.boolean(),
  /** Wanted by the user: kept over restarts, also while the proxy is off. */
  wanted: z.boolean(),
  /** Whether the variable that asks for hint headers is set, too. */
  hints: z.boolean(),
  /** UTC ms of the verified backup; null when there is none. */
  backupAt: z.number().nullable(),
  /** Plain words about a phase that needs the user; null otherwise. */
  problem: z.string().nullable(),
});

/** See {@link claudeCodeStateSchema}. */
export type ClaudeCodeState = z.infer<typeof claudeCodeStateSchema>;

/** Something that decides which address a client really uses, or keeps it from using ours. */
export const findingSchema = z.object({
  id: z.string(),
  level: z.enum(['ok', 'info', 'warn', 'bad']),
  /** One sentence: what was found and where; never a value that may be a secret. */
  title: z.string(),
  /** What it means and what to do. */
  detail: z.string(),
  /** What the button would do; null when only the user can. */
  fix: z.string().nullable(),
  /** Whether the fix changes only the file that setting Claude Code up changes, and is offered together with that. */
  withSetUp: z.boolean(),
  /** A command to copy where there is no button, and what to know about it. */
  remedy: z.object({ command: z.string(), note: z.string() }).nullable(),
});

/** See {@link findingSchema}. */
export type Finding = z.infer<typeof findingSchema>;

/** Set-ups that can be copied, for clients other than Claude Code's settings file. */
export const SNIPPET_TARGETS = [
  'bash',
  'zsh',
  'fish',
  'powershell',
  'launcher',
  'curl',
  'sdk-typescript',
  'sdk-python',
  'vscode',
  'jetbrains',
  'docker',
  'wsl',
] as const;

/** See {@link SNIPPET_TARGETS}. */
export type SnippetTarget = (typeof SNIPPET_TARGETS)[number];

/** A snippet as shown: the key in it is replaced by dots. Copying is done by the main process. */
export const snippetSchema = z.object({
  target: z.enum(SNIPPET_TARGETS),
  label: z.string(),
  text: z.string(),
  /** Where it goes, and what to know. */
  note: z.string(),
});

/** See {@link snippetSchema}. */
export type Snippet = z.infer<typeof snippetSchema>;

/** Everything the page about clients shows. */
export const clientsReportSchema = z.object({
  claudeCode: claudeCodeStateSchema,
  /** What Claude Code will really use, in one sentence. */
  verdict: z.string(),
  findings: z.array(findingSchema).max(100),
  snippets: z.array(snippetSchema),
});

/** See {@link clientsReportSchema}. */
export type ClientsReport = z.infer<typeof clientsReportSchema>;

/** A change of a file, line by line, with keys hidden. */
export const diffSchema = z.object({
  file: z.string(),
  lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })).max(2000),
});

/** See {@link diffSchema}. */
export type Diff = z.infer<typeof diffSchema>;

/** What the connection test calls itself: its requests come from the app, not from a client. */
export const CONNECTION_TEST_CLIENT = 'ccflare-connection-test';

/** The connection test: the steps in order, up to the first that failed. */
export const connectionTestSchema = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['ok', 'failed', 'not-reached']),
      /** What was seen, and for a failure what to do. */
      detail: z.string(),
      /** ms; null when it was not reached. */
      durationMs: z.number().nullable(),
    }),
  ),
});

/** See {@link connectionTestSchema}. */
export type ConnectionTest = z.infer<typeof connectionTestSchema>;
