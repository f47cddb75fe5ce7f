import { z } from 'zod';

/** Longest life that is believed, seconds. */
const MAX_LIFE_S = 10 * 365 * 86_400;

/** Life of a renewed token whose answer states none that can be read, seconds: well below the usual eight hours. */
const UNSTATED_LIFE_S = 3600;

/** Fits into a header line. */
const headerToken = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e]+$/);

const life = z.number().positive().max(MAX_LIFE_S);
const text = z.string().min(1).max(300).nullish().catch(null);

/** The answer to a refresh. Only the tokens decide: dropping it would lose the only refresh token that still works. */
const refreshedSchema = z.object({
  access_token: headerToken,
  refresh_token: headerToken.nullish(),
  expires_in: life.nullish().catch(null),
});

/** The answer to a code. Only the tokens decide; what it says besides is taken where it can be read. */
const exchangedSchema = z.object({
  access_token: headerToken,
  refresh_token: headerToken.nullish(),
  expires_in: life.nullish().catch(null),
  scope: z.string().max(2000).nullish().catch(null),
  account: z.object({ uuid: text, email_address: text }).nullish().catch(null),
  organization: z.object({ uuid: text, name: text }).nullish().catch(null),
});

/** Renewed tokens. */
export type RefreshedTokens = {
  readonly accessToken: string;
  /** Null when the provider kept the old one valid. */
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number;
};

/** Tokens of a new login, with what the answer says about its owner. */
export type ExchangedTokens = {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
  /** Words separated by spaces. */
  readonly scope: string | null;
  readonly owner: {
    readonly accountId: string | null;
    readonly email: string | null;
    readonly organizationId: string | null;
    readonly organizationName: string | null;
  };
};

/** Null when the answer is not one. */
export function readRefreshed(body: unknown): RefreshedTokens | null {
  const parsed = refreshedSchema.safeParse(body);
  if (!parsed.success) return null;
  const { access_token: accessToken, refresh_token, expires_in } = parsed.data;
  const expiresInSeconds = expires_in ?? UNSTATED_LIFE_S;
  return { accessToken, refreshToken: refresh_token ?? null, expiresInSeconds };
}

/** Null when the answer holds no usable tokens. */
export function readExchanged(body: unknown): ExchangedTokens | null {
  const parsed = exchangedSchema.safeParse(body);
  if (!parsed.success) return null;
  const { access_token: accessToken, refresh_token, expires_in, scope, account, organization } = parsed.data;
  return {
    accessToken,
    refreshToken: refresh_token ?? null,
    expiresInSeconds: expires_in ?? null,
    scope: scope ?? null,
    owner: {
      accountId: account?.uuid ?? null,
      email: account?.email_address ?? null,
      organizationId: organization?.uuid ?? null,
      organizationName: organization?.name ?? null,
    },
  };
}
