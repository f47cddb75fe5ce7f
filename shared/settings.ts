import { z } from 'zod';
import { baseUrlSchema } from './account.ts';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const bytes = (min: number, max: number, standard: number) => z.int().min(min).max(max).default(standard);
const ms = (min: number, max: number, standard: number) => z.int().min(min).max(max).default(standard);
const count = (min: number, max: number, standard: number) => z.int().min(min).max(max).default(standard);

const scopes = (standard: string) =>
  z
    .string()
    .trim()
    .regex(/^[a-z][a-z0-9_:.-]*( [a-z][a-z0-9_:.-]*)*$/, 'Scopes are words separated by single spaces.')
    .max(1000)
    .default(standard);

/** Names of the balancing strategies that exist. */
export const STRATEGIES = ['session', 'drain-soonest', 'priority', 'least-used', 'round-robin'] as const;

/**
 * What a request gets when no account can serve: an error at once, a wait in silence, or the account that was set
 * aside for it.
 */
export const EXHAUSTION_WAYS = ['fail', 'hold', 'fallback'] as const;

/** Longest wait before another try on the same account, ms: five of them stay within a client's patience. */
export const MAX_RETRY_WAIT_MS = 10_000;

/** Levels of the app's own log, most quiet first. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/**
 * Every setting with its bounds and default. Units are part of the name: `...Ms` milliseconds, `...Bytes`
 * bytes, `...Days` days. Settings are stored as one row per key; a row that no longer fits its bounds falls
 * back to the default and is reported, never fatal.
 */
export const settingsSchema = z.object({
  /** Whether the proxy listens. The tray switch. */
  proxyEnabled: z.boolean().default(true),
  /** TCP port on 127.0.0.1; 0 asks the system for any free port. */
  port: z.int().min(0).max(65_535).default(8459),
  /** Refuse requests that carry no valid client key. Off only for a machine with a single trusted user. */
  requireClientKey: z.boolean().default(true),

  /** Largest body of Messages and count_tokens requests. The API's own limit is 32 MB. */
  maxMessageBodyBytes: bytes(64 * 1024, 256 * MIB, 32 * MIB),
  /** Largest body of batch and file uploads. The API's own limits are 256 MB and 500 MB. */
  maxUploadBodyBytes: bytes(MIB, 1024 * MIB, 500 * MIB),
  /** Request bodies up to this size are kept until an account has answered, so that another can be tried. */
  replayBufferBytes: bytes(0, 256 * MIB, 32 * MIB),
  /** All replay buffers together; above it new requests stream without fail-over. */
  replayTotalBytes: bytes(MIB, 4096 * MIB, 512 * MIB),
  /** Largest request head (request line and headers) a client may send. */
  maxHeaderBytes: bytes(4 * 1024, 128 * 1024, 32 * 1024),
  /** Client connections open at once. */
  maxConnections: count(8, 10_000, 1024),
  /** Requests one client key may make per minute; 0 switches the limit off. */
  clientRequestsPerMinute: count(0, 100_000, 3000),
  /** Refused keys per minute before further tries are answered 429. */
  failedAuthPerMinute: count(1, 1000, 30),
  /** A client must finish sending its request head within this time. */
  clientHeadTimeoutMs: ms(1000, 10 * MINUTE_MS, 20_000),
  /** A client may pause this long while sending its body. */
  clientBodyIdleTimeoutMs: ms(1000, 30 * MINUTE_MS, 60_000),

  /** Time to open a connection to the provider. */
  connectTimeoutMs: ms(500, 2 * MINUTE_MS, 10_000),
  /** Time until the provider's response head. Long answers legitimately take minutes. */
  responseHeadTimeoutMs: ms(10_000, 60 * MINUTE_MS, 10 * MINUTE_MS),
  /** Longest silence inside a response. Streams carry pings, so silence means a dead line. */
  responseIdleTimeoutMs: ms(10_000, 60 * MINUTE_MS, 5 * MINUTE_MS),

  /** How an account is chosen. */
  strategy: z.enum(STRATEGIES).default('session'),
  /** A session stays bound to its account for this long after its last request. */
  sessionDurationMs: ms(MINUTE_MS, 24 * HOUR_MS, 5 * HOUR_MS),
  /** Tries on the same account after a server-side error (500, 503, 504, 529) or a lost connection. */
  retryAttempts: count(0, 5, 1),
  /** First wait before such a retry; the actual wait is drawn between half of it and all of it. */
  retryDelayMs: ms(0, MAX_RETRY_WAIT_MS, 1500),
  /** Factor by which each further wait grows, up to {@link MAX_RETRY_WAIT_MS}. */
  retryBackoff: z.number().min(1).max(5).default(2),
  /** After the retries of a 529 or 5xx: try one other account, without holding it against the first. */
  overloadHop: z.boolean().default(true),
  /** Everything goes to this account while it can serve; null = the strategy chooses. */
  pinnedAccountId: z.string().max(64).nullable().default(null),
  /** Models that always go to a certain account first; `*` stands for any characters. First match counts. */
  modelRoutes: z
    .array(z.strictObject({ model: z.string().trim().min(1).max(120), accountId: z.string().min(1).max(64) }))
    .max(50)
    .default([]),
  /** New sessions leave an account at this share of a window; sessions that are there stay until it refuses. */
  leaveAtUtilisation: z.number().min(0.5).max(1).default(0.98),
  /** The account whose week ends first is used up to 100 % instead. */
  drainExpiring: z.boolean().default(true),
  /** Models whose thinking works only on the account that made it; names may end in `*`. */
  accountBoundModels: z
    .array(z.string().trim().min(1).max(120))
    .max(50)
    .default(['claude-sonnet-5-5*', 'claude-haiku-5-5*']),
  /** Go on with an account that serves paid overage, up to the cap. */
  allowOverage: z.boolean().default(false),
  /** Paid overage per account and calendar month, US dollars. */
  overageCapUsd: z.number().min(0).max(100_000).default(20),
  /** What a request gets when no account can serve. */
  exhaustion: z.enum(EXHAUSTION_WAYS).default('fail'),
  /** Longest wait when requests are held, seconds. */
  holdSeconds: count(1, 900, 120),
  /** API-key account that is set aside for when the others cannot serve; null = none. */
  fallbackAccountId: z.string().max(64).nullable().default(null),
  /** Money the fallback may cost per calendar month, US dollars. */
  fallbackCapUsd: z.number().min(0).max(100_000).default(10),
  /** The user has agreed that the fallback costs money. */
  fallbackConsent: z.boolean().default(false),
  /** With no account able to serve: pass the client's own credentials on instead of answering 429/503. */
  forwardClientCredentials: z.boolean().default(false),

  /** Public client id under which logins are issued; tokens can be renewed only with the same one. */
  oauthClientId: z.string().trim().min(1).max(200).default('9d1c250a-e61b-44d9-88ed-5944d1962f5e'),
  /** Page where a subscription signs in. */
  oauthAuthorizeUrl: baseUrlSchema.default('https://claude.com/cai/oauth/authorize'),
  /** Page where an organisation of the API console signs in. */
  oauthConsoleAuthorizeUrl: baseUrlSchema.default('https://platform.claude.com/oauth/authorize'),
  /** Where codes are exchanged and tokens renewed. */
  oauthTokenUrl: baseUrlSchema.default('https://platform.claude.com/v1/oauth/token'),
  /** Page the provider redirects to; the sign-in window catches it before it loads. */
  oauthRedirectUrl: baseUrlSchema.default('https://platform.claude.com/oauth/code/callback'),
  /** Where profile, usage and key creation are asked for. */
  oauthApiUrl: baseUrlSchema.default('https://api.anthropic.com'),
  /** What a subscription login is asked for, separated by spaces: to know whose it is, and to send messages. */
  oauthScopes: scopes('user:profile user:inference'),
  /** What a console login is asked for: to make one API key, and to know whose it is. */
  oauthConsoleScopes: scopes('org:create_api_key user:profile'),
  /** A sign-in that nobody finishes is given up after this. */
  signInTimeoutMs: ms(5000, HOUR_MS, 10 * MINUTE_MS),
  /** A token is renewed this long before it ends. */
  refreshLeadMs: ms(MINUTE_MS, 2 * HOUR_MS, 5 * MINUTE_MS),

  /** Put Claude Code's settings back as they were when the app quits or the proxy is switched off. */
  restoreClientsOnQuit: z.boolean().default(true),
  /** Steps of the first start: open until done or skipped. */
  onboarding: z.enum(['open', 'skipped', 'done']).default('open'),

  /** Days that request rows are kept. */
  requestRetentionDays: count(1, 3650, 90),
  /** Size at which the oldest request rows are removed before their time. */
  maxArchiveBytes: bytes(16 * MIB, 64 * 1024 * MIB, 512 * MIB),
  /** Days that audit entries are kept. */
  auditRetentionDays: count(30, 3650, 365),

  /** Time that running streams get to finish when the app quits or the proxy is switched off. */
  drainDeadlineMs: ms(0, 5 * MINUTE_MS, 5000),
  /** Colours of the dashboard. */
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Start with the user's session. */
  startAtLogin: z.boolean().default(false),
  /** Show the dashboard when the app starts. */
  openWindowAtStart: z.boolean().default(true),
  /** Detail of the app's own log file. */
  logLevel: z.enum(LOG_LEVELS).default('info'),
});

/** All settings, complete. */
export type Settings = z.infer<typeof settingsSchema>;

/** Name of one setting. */
export type SettingKey = keyof Settings;

/** A change of some settings: known keys only, each within its bounds. */
export const settingsPatchSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(settingsSchema.shape).map(([key, schema]) => [key, schema.removeDefault().optional()]),
    ) as { [K in SettingKey]: z.ZodOptional<ReturnType<(typeof settingsSchema.shape)[K]['removeDefault']>> },
  )
  .meta({ description: 'settings patch' });

/** See {@link settingsPatchSchema}. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** The settings of a fresh install. */
export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});
