import { z } from 'zod';
import { forecastSchema } from './forecast.ts';

/** Provider address used when an account names none. */
export const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/** How an account authenticates. */
export const accountKindSchema = z.enum(['api-key', 'oauth']);

/** See {@link accountKindSchema}. */
export type AccountKind = z.infer<typeof accountKindSchema>;

/** A label of the user's choosing, unique among accounts without regard to case. */
export const accountNameSchema = z
  .string()
  .trim()
  .min(1, 'Give the account a name.')
  .max(60, 'Use at most 60 characters.')
  .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'Use visible characters only.');

/** https anywhere, http only to this computer; no credentials, query or fragment in it. */
export const baseUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((value) => isAllowedBaseUrl(value), {
    message: 'Use an https address (http only for 127.0.0.1 or localhost), without user, query or fragment.',
  });

function isAllowedBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

/** How the provider's tokens of a login begin: they are no keys, and as such they would be refused at first use. */
const TOKEN_START = /^sk-ant-o[ar]t/;

/** An API key as typed or provisioned: visible ASCII, no spaces. Never leaves the engine again. */
export const apiKeySchema = z
  .string()
  .trim()
  .min(8, 'That is too short for an API key.')
  .max(500)
  .regex(/^[\x21-\x7e]+$/, 'An API key has no spaces or special characters.')
  .refine((key) => !TOKEN_START.test(key), 'That is the token of a subscription: add it as a setup token.');

/** A long-lived token of a subscription, made by the provider's own tool; it cannot be renewed. */
export const setupTokenSchema = z
  .string()
  .trim()
  .min(20, 'That is too short for a token.')
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'A token has no spaces or special characters.');

/** The same as pasted from a terminal, which may have broken its line: spaces and line ends in it are dropped. */
export const pastedTokenSchema = z
  .string()
  .max(20_000)
  .transform((text) => text.replaceAll(/\s+/g, ''))
  .pipe(setupTokenSchema);

/** Header that carries the key: the API's own, or `Authorization: Bearer` as many gateways want it. */
export const HEADER_STYLES = ['x-api-key', 'bearer'] as const;

/** See {@link HEADER_STYLES}. */
export type HeaderStyle = (typeof HEADER_STYLES)[number];

/** Names of models as clients ask for them, to names as the endpoint knows them. Empty: nothing is changed. */
export const modelMapSchema = z
  .record(z.string().min(1).max(200), z.string().min(1).max(200))
  .refine((map) => Object.keys(map).length <= 50, 'At most 50 names.');

/** See {@link modelMapSchema}. */
export type ModelMap = z.infer<typeof modelMapSchema>;

/** Lower number = preferred. Accounts of the same number are chosen among by the strategy. */
export const prioritySchema = z.int().min(0).max(999);

/**
 * Priority of an account that nobody gave one: those of a kind are equal, or no strategy could choose among them, and
 * a subscription, which is paid for already, is used before a key that costs with every request.
 */
export const DEFAULT_PRIORITY: Readonly<Record<AccountKind, number>> = { oauth: 0, 'api-key': 10 };

/**
 * What an account is doing, in the order of urgency the dashboard uses.
 * `serving`: the last request went here and the next one would too. `ready`: can serve.
 * `cooling`: benched for seconds or minutes. `spent`: a usage window is used up until its reset.
 * `sign-in-needed`: its credential was refused or cannot be read. `attention`: the provider refuses the
 * account for another reason (credit, disabled). `paused`: by the user.
 */
export const ACCOUNT_STATES = [
  'serving',
  'ready',
  'cooling',
  'spent',
  'sign-in-needed',
  'attention',
  'paused',
] as const;

/** See {@link ACCOUNT_STATES}. */
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** One rate-limit reading: a bucket of an account as last seen. */
export const limitReadingSchema = z.object({
  /** Machine name: `5h`, `7d`, `7d_opus`, `overage`, `requests`, `input-tokens`, `output-tokens`, `tokens`... */
  bucket: z.string(),
  /** Plain words: `5-hour window`, `week`, `Opus week`, `requests per minute`. */
  label: z.string(),
  /** Share used, 0..1 and sometimes above; null when the provider did not say. */
  utilisation: z.number().nullable(),
  limit: z.number().nullable(),
  remaining: z.number().nullable(),
  /** `allowed`, `allowed_warning`, `rejected` or what the provider sent; null when it sent none. */
  status: z.string().nullable(),
  /** UTC ms of the reset, null when unknown. */
  resetAt: z.number().nullable(),
  /** UTC ms when this was read. */
  observedAt: z.number(),
  source: z.enum(['header', 'usage-endpoint', 'inferred']),
});

/** See {@link limitReadingSchema}. */
export type LimitReading = z.infer<typeof limitReadingSchema>;

/** Why and until when an account (or one bucket of it) gets no new requests. */
export const cooldownViewSchema = z.object({
  /** `*` for the whole account, otherwise a bucket or model family such as `7d_opus`. */
  bucket: z.string(),
  reasonCode: z.string(),
  /** Plain words for people. */
  reason: z.string(),
  startedAt: z.number(),
  /** UTC ms; null = until the user acts. */
  until: z.number().nullable(),
  /** The provider stated no end: `until` is when the account is asked again. */
  guessed: z.boolean().optional(),
  /** What was seen: status and the deciding headers, values bounded, never a secret. */
  evidence: z.array(z.string().max(300)).max(12),
  /** The end was brought forward by hand: the next request tries it, and a refusal brings the rest back. */
  probing: z.boolean(),
});

/** See {@link cooldownViewSchema}. */
export type CooldownView = z.infer<typeof cooldownViewSchema>;

/** An account as the window and the tray see it. There is no field a secret could travel in. */
export const accountViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: accountKindSchema,
  baseUrl: z.string(),
  priority: z.number(),
  paused: z.boolean(),
  state: z.enum(ACCOUNT_STATES),
  /** One plain sentence: why it is in this state. */
  reason: z.string(),
  /** UTC ms when the state ends by itself; null when it does not or nobody knows. */
  until: z.number().nullable(),
  /** Last four characters of the key, or null for OAuth and unreadable secrets. */
  credentialHint: z.string().max(4).nullable(),
  /** Token life of an OAuth account; null for API keys. */
  token: z
    .object({
      expiresAt: z.number().nullable(),
      lastRefreshAt: z.number().nullable(),
      lastRefreshError: z.string().nullable(),
      /** False for a long-lived token that ends without a successor. */
      renewable: z.boolean(),
    })
    .nullable(),
  /** Whose it is and on which plan, as the provider's profile said at sign-in. */
  email: z.string().nullable(),
  organizationName: z.string().nullable(),
  plan: z.string().nullable(),
  /** Its owner agreed to the notice about subscription logins. */
  consented: z.boolean(),
  headerStyle: z.enum(HEADER_STYLES),
  modelMap: modelMapSchema,
  /** Reading of the provider's usage page; null where there is none (API keys, tokens without that scope). */
  usageCheck: z
    .object({
      /** UTC ms of the last answer, and of the earliest next question. */
      checkedAt: z.number().nullable(),
      nextAt: z.number(),
      error: z.string().nullable(),
    })
    .nullable(),
  cooldowns: z.array(cooldownViewSchema),
  readings: z.array(limitReadingSchema),
  forecasts: z.array(forecastSchema),
  /** Ids of the other accounts that draw from the same limits, as those of one organisation do. */
  sharesLimitsWith: z.array(z.string()),
  /** Money of this calendar month (local time): API keys all of it, subscriptions their paid overage. */
  spentThisMonthNanoUsd: z.number(),
  inFlight: z.number(),
  boundSessions: z.number(),
  organizationId: z.string().nullable(),
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
});

/** See {@link accountViewSchema}. */
export type AccountView = z.infer<typeof accountViewSchema>;

/** The states in which an account would be given a request. */
export function canServe(state: AccountState): boolean {
  return state === 'serving' || state === 'ready';
}
