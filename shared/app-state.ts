import { z } from 'zod';
import { accountViewSchema } from './account.ts';
import { clientKeyViewSchema } from './client-key.ts';
import { errorViewSchema } from './errors.ts';
import { poolForecastSchema } from './forecast.ts';
import { importStateSchema } from './import.ts';
import { settingsSchema } from './settings.ts';
import { signInViewSchema } from './sign-in.ts';

/** The listener. */
export const proxyStateSchema = z.object({
  phase: z.enum(['stopped', 'starting', 'listening', 'draining', 'failed']),
  /** Port in use, or the one that was tried. */
  port: z.number().nullable(),
  /** Set when phase is `failed`. */
  error: errorViewSchema.nullable(),
  /** Client requests in progress. */
  inFlight: z.number(),
  /** UTC ms since when it listens. */
  since: z.number().nullable(),
});

/** See {@link proxyStateSchema}. */
export type ProxyState = z.infer<typeof proxyStateSchema>;

/**
 * How secrets are kept. `keychain`: the data key is wrapped by the OS keychain. `passphrase`: by a key derived
 * from the user's passphrase. `memory`: the data key dies with the app, accounts must be entered again.
 */
export const VAULT_MODES = ['keychain', 'passphrase', 'memory'] as const;

/** See {@link VAULT_MODES}. */
export type VaultMode = (typeof VAULT_MODES)[number];

/** State of the vault. */
export const vaultStateSchema = z.object({
  phase: z.enum(['opening', 'ready', 'locked', 'choice-needed', 'failed']),
  mode: z.enum(VAULT_MODES).nullable(),
  /** Name of the OS backend (`keychain`, `dpapi`, `gnome_libsecret`, `kwallet5`...), null outside keychain mode. */
  backend: z.string().nullable(),
  /** Plain words: what this mode protects from and what not, or why it is locked. */
  explanation: z.string(),
});

/** See {@link vaultStateSchema}. */
export type VaultState = z.infer<typeof vaultStateSchema>;

/** Can work go on? */
export const poolStateSchema = z.object({
  /** `serving`: at least one account can serve. `cooling`: none now, but one comes back. `down`: none and nobody knows when. `empty`: no accounts. */
  phase: z.enum(['serving', 'cooling', 'down', 'empty']),
  total: z.number(),
  canServe: z.number(),
  /** Account that the next new session would get. */
  nextAccountId: z.string().nullable(),
  /** Earliest known return when none can serve, UTC ms. */
  backAt: z.number().nullable(),
  /** One plain sentence for window, tray and screen readers. */
  summary: z.string(),
  forecast: poolForecastSchema,
  /** Requests that wait for an account to come back, because the user chose to hold them. */
  held: z.number(),
});

/** See {@link poolStateSchema}. */
export type PoolState = z.infer<typeof poolStateSchema>;

/** What the environment says about settings: which ones it decides in this run, and what of it was ignored. */
const environmentStateSchema = z.object({
  overridden: z.array(z.object({ key: z.string(), variable: z.string() })),
  /** Sentences about variables that were ignored. */
  problems: z.array(z.string()),
});

/** Something that happened and that a person would want to know; newest first, bounded. */
export const appEventSchema = z.object({
  id: z.string(),
  at: z.number(),
  level: z.enum(['info', 'good', 'warn', 'bad']),
  /** Stable code, e.g. `account_cooldown`, `account_back`, `failover`, `thread_restarted`, `proxy_listening`. */
  code: z.string(),
  message: z.string(),
  accountId: z.string().nullable(),
});

/** See {@link appEventSchema}. */
export type AppEvent = z.infer<typeof appEventSchema>;

/** Life of a worker thread. */
export const threadStateSchema = z.object({
  phase: z.enum(['starting', 'running', 'restarting', 'failed', 'stopped']),
  restarts: z.number(),
  lastError: errorViewSchema.nullable(),
});

/** See {@link threadStateSchema}. */
export type ThreadState = z.infer<typeof threadStateSchema>;

/** Use of the bounded stores, shown in the settings. */
export const storageStateSchema = z.object({
  archiveBytes: z.number(),
  requestRows: z.number(),
  oldestRequestAt: z.number().nullable(),
  /** Records in the queue towards the archive, and its bound. */
  queueDepth: z.number(),
  queueLimit: z.number(),
  /** Records that were dropped because the archive was down or behind; never silently. */
  droppedRecords: z.number(),
  /** Bytes in replay buffers now. */
  replayBytes: z.number(),
});

/** See {@link storageStateSchema}. */
export type StorageState = z.infer<typeof storageStateSchema>;

/** What never changes while the app runs. */
export const aboutSchema = z.object({
  version: z.string(),
  platform: z.enum(['darwin', 'win32', 'linux']),
  electron: z.string(),
  node: z.string(),
  chrome: z.string(),
  dataDir: z.string(),
  logFile: z.string(),
  demo: z.boolean(),
  /** Whether a tray icon could be made. */
  tray: z.boolean(),
});

/** See {@link aboutSchema}. */
export type About = z.infer<typeof aboutSchema>;

/** Everything the window needs, in slices that are pushed one by one when they change. */
export const appStateSchema = z.object({
  about: aboutSchema,
  proxy: proxyStateSchema,
  vault: vaultStateSchema,
  pool: poolStateSchema,
  accounts: z.array(accountViewSchema),
  clientKeys: z.array(clientKeyViewSchema),
  settings: settingsSchema,
  /** At most 100. */
  events: z.array(appEventSchema),
  threads: z.object({ engine: threadStateSchema, archive: threadStateSchema }),
  storage: storageStateSchema,
  environment: environmentStateSchema,
  signIn: signInViewSchema.nullable(),
  import: importStateSchema.nullable(),
});

/** See {@link appStateSchema}. */
export type AppState = z.infer<typeof appStateSchema>;

/** The slices that the engine owns and pushes to the shell. */
export const ENGINE_SLICES = [
  'proxy',
  'vault',
  'pool',
  'accounts',
  'clientKeys',
  'settings',
  'events',
  'signIn',
  'environment',
] as const;

/** State as the engine knows it. */
export type EngineState = Pick<AppState, (typeof ENGINE_SLICES)[number]>;
