import { z } from 'zod';
import { accountNameSchema, apiKeySchema, baseUrlSchema, prioritySchema } from '../account.ts';
import { appStateSchema, storageStateSchema } from '../app-state.ts';
import { clientKeyNameSchema, clientKeyViewSchema } from '../client-key.ts';
import {
  hourlyTotalsSchema,
  requestCursorSchema,
  requestFilterSchema,
  requestPageSchema,
  requestRecordSchema,
  requestRowSchema,
  totalsReportSchema,
} from '../request-record.ts';
import { settingsPatchSchema, settingsSchema } from '../settings.ts';
import type { CallName, PushName } from './channels.ts';

const nothing = z.undefined();
const id = z.string().min(1).max(64);
const done = z.null();

/** Pages outside the app that it may open, by name: the page never sends an address. */
export const EXTERNAL_LINKS = ['provider-keys', 'provider-terms', 'provider-status'] as const;

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
    }),
    answer: z.object({ id }),
  },
  'accounts.rename': { argument: z.strictObject({ id, name: accountNameSchema }), answer: done },
  'accounts.setPaused': { argument: z.strictObject({ id, paused: z.boolean() }), answer: done },
  'accounts.setAllPaused': { argument: z.strictObject({ paused: z.boolean() }), answer: done },
  'accounts.setPriority': { argument: z.strictObject({ id, priority: prioritySchema }), answer: done },
  'accounts.setBaseUrl': { argument: z.strictObject({ id, baseUrl: baseUrlSchema }), answer: done },
  'accounts.replaceKey': { argument: z.strictObject({ id, apiKey: apiKeySchema }), answer: done },
  'accounts.clearCooldown': { argument: z.strictObject({ id, bucket: z.string().max(64) }), answer: done },
  'accounts.remove': { argument: z.strictObject({ id }), answer: done },

  'clientKeys.create': {
    argument: z.strictObject({ name: clientKeyNameSchema }),
    answer: clientKeyViewSchema,
  },
  'clientKeys.rename': { argument: z.strictObject({ id, name: clientKeyNameSchema }), answer: done },
  'clientKeys.revoke': { argument: z.strictObject({ id }), answer: done },

  /** Puts text on the clipboard in the main process, so that no key passes through the page. */
  'clipboard.copy': {
    argument: z.discriminatedUnion('what', [
      z.strictObject({ what: z.literal('address') }),
      z.strictObject({ what: z.literal('address-with-key'), keyId: id }),
      z.strictObject({ what: z.literal('client-key'), keyId: id }),
      z.strictObject({ what: z.literal('shell-export'), keyId: id }),
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
    page: z.enum(['overview', 'requests', 'accounts', 'settings']),
    id: z.string().optional(),
  }),
} as const satisfies Record<PushName, z.ZodType>;

/** Payload of a push event. */
export type PushPayload<N extends PushName> = z.output<(typeof pushes)[N]>;
