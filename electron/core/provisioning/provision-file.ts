import { z } from 'zod';
import {
  accountNameSchema,
  apiKeySchema,
  baseUrlSchema,
  HEADER_STYLES,
  modelMapSchema,
  prioritySchema,
} from '../../../shared/account.ts';
import { clientKeyNameSchema, clientKeySecretSchema } from '../../../shared/client-key.ts';
import { settingsPatchSchema } from '../../../shared/settings.ts';

/** Times below this are seconds: as milliseconds they would lie before September 2001. */
const SMALLEST_MS = 1e12;

/** A token as it goes into a header. */
const tokenSchema = z
  .string()
  .trim()
  .min(8, 'A token is longer than that.')
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'A token has no spaces or special characters.');

/** UTC ms; seconds, as some tools write them, are understood too. */
const endSchema = z
  .int()
  .positive()
  .transform((time) => (time < SMALLEST_MS ? time * 1000 : time));

const common = {
  name: accountNameSchema,
  baseUrl: baseUrlSchema.optional(),
  priority: prioritySchema.optional(),
  paused: z.boolean().optional(),
};

const apiKeyAccountSchema = z.strictObject({
  ...common,
  kind: z.literal('api-key'),
  apiKey: apiKeySchema,
  headerStyle: z.enum(HEADER_STYLES).optional(),
  modelMap: modelMapSchema.optional(),
});

/** Without a refresh token it is a long-lived one, whose end need not be known. */
const loginSchema = z
  .strictObject({
    ...common,
    kind: z.literal('oauth'),
    accessToken: tokenSchema,
    refreshToken: tokenSchema.nullable().default(null),
    expiresAt: endSchema.nullable().default(null),
    tokenUrl: baseUrlSchema.optional(),
  })
  .refine(({ refreshToken, expiresAt }) => refreshToken === null || expiresAt !== null, {
    path: ['expiresAt'],
    message: 'beside a refreshToken, say when the accessToken ends',
  });

const accountSchema = z.discriminatedUnion('kind', [apiKeyAccountSchema, loginSchema]);

/** The file of `--provision`, after `env:` references were resolved. Unknown fields are refused. */
export const provisionSchema = z.strictObject({
  settings: settingsPatchSchema.optional(),
  clientKeys: z
    .array(z.strictObject({ name: clientKeyNameSchema, key: clientKeySecretSchema }))
    .max(200)
    .optional(),
  accounts: z.array(accountSchema).max(200).optional(),
});

/** See {@link provisionSchema}. Secrets are in the clear here. */
export type Provision = z.infer<typeof provisionSchema>;
