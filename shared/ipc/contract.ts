import { z } from 'zod';
import {
  accountNameSchema,
  apiKeySchema,
  baseUrlSchema,
  HEADER_STYLES,
  modelMapSchema,
  pastedTokenSchema,
  prioritySchema,
} from '../account.ts';
import { appStateSchema, storageStateSchema } from '../app-state.ts';
import { clientKeyNameSchema, clientKeyViewSchema } from '../client-key.ts';
import { clientsReportSchema, connectionTestSchema, diffSchema, SNIPPET_TARGETS } from '../clients.ts';
import { limitHistorySchema } from '../forecast.ts';
import { importPreviewSchema, importSourceSchema } from '../import.ts';
import {
  hourlyTotalsSchema,
  requestCursorSchema,
  requestFilterSchema,
  requestPageSchema,
  requestRecordSchema,
  requestRowSchema,
  totalsReportSchema,
} from '../request-record.ts';
import { sessionViewSchema } from '../session.ts';
import { EXHAUSTION_WAYS, settingsPatchSchema, settingsSchema } from '../settings.ts';
import { SIGN_IN_MODES, SIGN_IN_WAYS } from '../sign-in.ts';
import type { CallName, PushName } from './channels.ts';

const nothing = z.undefined();
const id = z.string().min(1).max(64);
const sessionId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/);
const findingId = z.string().min(1).max(200);
/** Findings with `withSetUp` whose fixes are made first. */
const fixes = z.array(findingId).max(20).optional();
const done = z.null();

/** Pages outside the app that it may open, by name: the page never sends an address. */
export const EXTERNAL_LINKS = [
  'provider-keys',
  'provider-terms',
  'provider-legal',
  'provider-status',
  'provider-revoke',
] as const;

/** See {@link EXTERNAL_LINKS}. */
export type ExternalLink = (typeof EXTERNAL_LINKS)[number];

/**
 * The whole conversation between window and main process. Each call has a schema for its argument and one for
 * its answer; both sides parse. No answer can carry a secret: copying a key is done by the main process.
 */
export const calls = {
  'state.get': { argument: nothing, answer: appStateSchema },

  'proxy.setEnabled': { argument: z.strictObject({ enabled: z.boolean() }), answer: done },

  'accounts.add': {
    argument: z.strictObject({
      name: accountNameSchema,
      apiKey: apiKeySchema,
      baseUrl: baseUrlSchema.optional(),
      priority: prioritySchema.optional(),
      headerStyle: z.enum(HEADER_STYLES).optional(),
      modelMap: modelMapSchema.optional(),
    }),
    answer: z.object({ id }),
  },
  /** `consent`: the notice about subscription logins was shown and agreed to. */
  'accounts.addSetupToken': {
    argument: z.strictObject({
      name: accountNameSchema,
      token: pastedTokenSchema,
      consent: z.literal(true),
      /** Takes the place of this account's login instead of making a new account. */
      accountId: id.optional(),
    }),
    answer: z.object({ id }),
  },
  'accounts.rename': { argument: z.strictObject({ id, name: accountNameSchema }), answer: done },
  'accounts.setPaused': { argument: z.strictObject({ id, paused: z.boolean() }), answer: done },
  'accounts.setAllPaused': { argument: z.strictObject({ paused: z.boolean() }), answer: done },
  'accounts.setPriority': { argument: z.strictObject({ id, priority: prioritySchema }), answer: done },
  /** For gateways and other providers: address, header and model names together. */
  'accounts.setEndpoint': {
    argument: z.strictObject({
      id,
      baseUrl: baseUrlSchema,
      headerStyle: z.enum(HEADER_STYLES),
      modelMap: modelMapSchema,
    }),
    answer: done,
  },
  /** Reads the provider's usage page, unless that was done or refused too short a time ago. */
  'accounts.checkUsage': { argument: z.strictObject({ id }), answer: done },
  'accounts.replaceKey': { argument: z.strictObject({ id, apiKey: apiKeySchema }), answer: done },
  'accounts.clearCooldown': { argument: z.strictObject({ id, bucket: z.string().max(64) }), answer: done },
  /** Lets the next request try an account (or a bucket of it) before its rest is over. */
  'accounts.tryNow': { argument: z.strictObject({ id, bucket: z.string().max(64) }), answer: done },
  /** Readings of an account over [from, to), UTC ms, at most eight days back. */
  'limits.history': {
    argument: z.strictObject({ accountId: id, from: z.number(), to: z.number() }),
    answer: limitHistorySchema,
  },
  /** Sessions of the last `hours`, the newest first. */
  'sessions.list': {
    argument: z.strictObject({ hours: z.int().min(1).max(168) }),
    answer: z.array(sessionViewSchema).max(300),
  },
  /** Its next request goes to this account, and it is bound there. */
  'sessions.move': { argument: z.strictObject({ sessionId, accountId: id }), answer: done },
  /** As move, and it stays there whatever happens, until it is released. */
  'sessions.pin': { argument: z.strictObject({ sessionId, accountId: id }), answer: done },
  /** Forgets pin and bindings: its next request is routed as a new session's. */
  'sessions.release': { argument: z.strictObject({ sessionId }), answer: done },
  'accounts.remove': { argument: z.strictObject({ id }), answer: done },

  /** Starts a sign-in in place of one that may be running; its progress is the slice `signIn`. */
  'signIn.start': {
    argument: z.strictObject({
      mode: z.enum(SIGN_IN_MODES),
      way: z.enum(SIGN_IN_WAYS),
      /** Signs this account in again instead of adding one. */
      accountId: id.optional(),
      /** The notice was shown and agreed to; needed for subscriptions. */
      consent: z.boolean(),
    }),
    answer: z.object({ id }),
  },
  /** `code#state` as the provider's page shows it, or the whole address of that page. */
  'signIn.paste': {
    argument: z.strictObject({ id, text: z.string().trim().min(1).max(8192) }),
    answer: done,
  },
  'signIn.confirm': {
    argument: z.strictObject({ id, name: accountNameSchema, priority: prioritySchema.optional() }),
    answer: z.object({ id }),
  },
  'signIn.cancel': { argument: z.strictObject({ id }), answer: done },

  /** Databases in the usual places. */
  'import.find': { argument: nothing, answer: z.array(importSourceSchema).max(20) },
  /** Lets the user choose a file; null when they did not. */
  'import.choose': { argument: nothing, answer: importSourceSchema.nullable() },
  'import.preview': { argument: z.strictObject({ sourceId: id }), answer: importPreviewSchema },
  /** Starts it; progress and result are the slice `import`. */
  'import.run': {
    argument: z.strictObject({
      sourceId: id,
      /** Ids of the old database. */
      accounts: z.array(z.string().min(1).max(200)).max(500),
      /** Needed when one of them is a subscription login. */
      consent: z.boolean(),
      settings: z.boolean(),
      requests: z.boolean(),
      agentPreferences: z.boolean(),
    }),
    answer: done,
  },
  'import.cancel': { argument: nothing, answer: done },
  /** Deletes the old database with its log files, overwriting it first. */
  'import.deleteSource': { argument: z.strictObject({ sourceId: id }), answer: done },

  'clients.report': { argument: nothing, answer: clientsReportSchema },
  /** What `clients.apply` (or `clients.restore`) would change. */
  'clients.preview': {
    argument: z.strictObject({ action: z.enum(['apply', 'restore']), hints: z.boolean(), fixes }),
    answer: diffSchema,
  },
  'clients.apply': { argument: z.strictObject({ hints: z.boolean(), fixes }), answer: done },
  'clients.restore': { argument: nothing, answer: done },
  'clients.fix': { argument: z.strictObject({ findingId }), answer: done },
  'clients.test': { argument: nothing, answer: connectionTestSchema },

  'clientKeys.create': {
    argument: z.strictObject({ name: clientKeyNameSchema }),
    answer: clientKeyViewSchema,
  },
  'clientKeys.rename': { argument: z.strictObject({ id, name: clientKeyNameSchema }), answer: done },
  'clientKeys.revoke': { argument: z.strictObject({ id }), answer: done },

  'clientKeys.setExhaustion': {
    argument: z.strictObject({ id, exhaustion: z.enum(EXHAUSTION_WAYS).nullable() }),
    answer: done,
  },

  /** Puts text on the clipboard in the main process, so that no key passes through the page. */
  'clipboard.copy': {
    argument: z.discriminatedUnion('what', [
      z.strictObject({ what: z.literal('address') }),
      z.strictObject({ what: z.literal('address-with-key'), keyId: id }),
      z.strictObject({ what: z.literal('client-key'), keyId: id }),
      z.strictObject({ what: z.literal('shell-export'), keyId: id }),
      z.strictObject({ what: z.literal('snippet'), target: z.enum(SNIPPET_TARGETS), keyId: id }),
      /** The command that a finding offers. */
      z.strictObject({ what: z.literal('command'), findingId }),
    ]),
    answer: done,
  },

  'requests.list': {
    argument: z.strictObject({
      filter: requestFilterSchema,
      cursor: requestCursorSchema.nullable(),
      limit: z.int().min(1).max(200),
    }),
    answer: requestPageSchema,
  },
  'requests.get': { argument: z.strictObject({ id }), answer: requestRecordSchema.nullable() },
  /** Sums over [from, to) in UTC ms; the page sends the borders of the user's local day. */
  'requests.totals': {
    argument: z.strictObject({ from: z.number(), to: z.number() }),
    answer: totalsReportSchema,
  },
  /** The same sums hour by hour, for at most eight days. */
  'requests.hourly': {
    argument: z
      .strictObject({ from: z.number(), to: z.number() })
      .refine(({ from, to }) => to - from <= 8 * 24 * 3_600_000, 'At most eight days at once.'),
    answer: hourlyTotalsSchema,
  },

  'settings.patch': { argument: settingsPatchSchema, answer: settingsSchema },
  'storage.get': { argument: nothing, answer: storageStateSchema },

  'vault.unlock': { argument: z.strictObject({ passphrase: z.string().min(1).max(1000) }), answer: done },
  'vault.choose': {
    argument: z.discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('passphrase'), passphrase: z.string().min(8).max(1000) }),
      z.strictObject({ mode: z.literal('memory') }),
    ]),
    answer: done,
  },

  'app.openExternal': { argument: z.strictObject({ link: z.enum(EXTERNAL_LINKS) }), answer: done },
  'app.showLogFile': { argument: nothing, answer: done },
  'app.quit': { argument: nothing, answer: done },
} as const satisfies Record<CallName, { argument: z.ZodType; answer: z.ZodType }>;

/** Argument as the page passes it (defaults may be left out). */
export type CallArgument<N extends CallName> = z.input<(typeof calls)[N]['argument']>;

/** Argument as a handler gets it. */
export type CallInput<N extends CallName> = z.output<(typeof calls)[N]['argument']>;

/** Answer of a call. */
export type CallAnswer<N extends CallName> = z.output<(typeof calls)[N]['answer']>;

/** Pushed from the main process, coalesced to a few per second. */
export const pushes = {
  /** Changed slices only; `rev` grows by one each time, so that a gap is noticed and the snapshot read again. */
  'state.changed': z.object({ rev: z.number(), slices: appStateSchema.partial() }),
  /** Requests that were just recorded, newest last. */
  'requests.recorded': z.object({ rows: z.array(requestRowSchema).max(200) }),
  /** Asks the page to show something (tray, notification, command line). */
  navigate: z.object({
    page: z.enum(['overview', 'sessions', 'requests', 'accounts', 'clients', 'settings']),
    id: z.string().optional(),
  }),
} as const satisfies Record<PushName, z.ZodType>;

/** Payload of a push event. */
export type PushPayload<N extends PushName> = z.output<(typeof pushes)[N]>;
