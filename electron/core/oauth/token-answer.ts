import { z } from 'zod';

/** Token life that is assumed when the answer names none, seconds; short, so that a wrong guess costs little. */
const ASSUMED_LIFE_S = 3600;

/** Visible ASCII: anything else could not go into a header. */
const token = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e]+$/);

const seconds = z.coerce
  .number()
  .positive()
  .max(366 * 86_400);

const answerSchema = z.object({
  access_token: token,
  refresh_token: token.nullish(),
  expires_in: seconds.nullish().catch(null),
  organization: z
    .object({ uuid: z.string().max(100) })
    .nullish()
    .catch(null),
});

/** Tokens as the provider gave them. */
export type Tokens = {
  readonly accessToken: string;
  /** Null: the old refresh token stays good. */
  readonly refreshToken: string | null;
  readonly expiresInMs: number;
  readonly organizationId: string | null;
};

/** Reads a token answer; null when there is no usable access token in it. Other fields may be missing or odd. */
export function parseTokens(text: string): Tokens | null {
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { access_token, refresh_token, expires_in, organization } = parsed.data;
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresInMs: (expires_in ?? ASSUMED_LIFE_S) * 1000,
    organizationId: organization?.uuid ?? null,
  };
}

const code = z.string().max(200);
const errorSchema = z.object({
  error: z.union([code, z.object({ type: code.optional(), message: code.optional() })]),
  error_description: z.string().max(2000).optional(),
});

/** The code and words of an error answer: `error` may be a string (RFC 6749) or an object (the API's own form). */
export function parseTokenError(text: string): { code: string; words: string } {
  const parsed = errorSchema.safeParse(parseJson(text));
  if (!parsed.success) return { code: '', words: '' };
  const { error, error_description: description } = parsed.data;
  if (typeof error === 'string') return { code: error, words: description ?? '' };
  return { code: error.type ?? '', words: error.message ?? description ?? '' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
