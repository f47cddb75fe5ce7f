import { z } from 'zod';

/** US dollars per million tokens. */
const usd = z.number().min(0).max(10_000);

const ratesSchema = z.strictObject({
  input: usd,
  output: usd,
  /** Cache writes kept for five minutes. */
  cacheWrite5m: usd,
  /** Cache writes kept for an hour. */
  cacheWrite1h: usd,
  cacheRead: usd,
});

/** Dollars per million tokens of each kind. */
export type Rates = z.infer<typeof ratesSchema>;

const datedPriceSchema = ratesSchema.extend({
  /** First day, UTC, on which these prices hold; until the next entry's. */
  validFrom: z.iso.date(),
  /** Prices with `speed: "fast"`. Without them a fast request has no known price. */
  fast: ratesSchema.optional(),
  /** Prices of all tokens of a request whose prompt (input and cache) is longer than so many tokens. */
  longPrompt: ratesSchema.extend({ aboveTokens: z.int().positive() }).optional(),
});

/** The prices of a model from a day on. */
export type DatedPrice = z.infer<typeof datedPriceSchema>;

/** The price table as it is shipped and as a user may edit it. */
export const priceTableSchema = z.strictObject({
  /** What the numbers are, for whoever edits them. */
  about: z.string(),
  /** Day the numbers were last compared with the provider's page. */
  checked: z.iso.date(),
  /** Factor on token prices of batch requests. */
  batchFactor: z.number().min(0).max(10),
  /** Factors on token prices by place of inference, for models with `geo`. */
  geoFactors: z.record(z.string(), z.number().min(0).max(10)),
  /** US dollars per thousand web searches. */
  webSearchPerThousand: usd,
  models: z.array(
    z.strictObject({
      /** Ids with exactly these prices; never a prefix, and without a date at the end. */
      ids: z.array(z.string().min(1)).min(1),
      /** Whether the place of inference has a price. */
      geo: z.boolean(),
      /** Oldest first. */
      prices: z.array(datedPriceSchema).min(1),
    }),
  ),
});

/** See {@link priceTableSchema}. */
export type PriceTable = z.infer<typeof priceTableSchema>;
