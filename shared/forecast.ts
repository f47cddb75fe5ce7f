import { z } from 'zod';

/** How far a forecast can be trusted: by the number and span of the readings behind it. */
export const CONFIDENCES = ['none', 'low', 'fair', 'good'] as const;

/** See {@link CONFIDENCES}. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Where a bucket is heading at today's pace. */
export const forecastSchema = z.object({
  bucket: z.string(),
  label: z.string(),
  /** Share of the bucket used per hour (0.1 = a tenth); null when there is too little to say. */
  ratePerHour: z.number().nullable(),
  /** UTC ms at which it is used up before its reset; null when it lasts, or nobody knows. */
  emptyAt: z.number().nullable(),
  resetAt: z.number().nullable(),
  /** Share used when it resets, at this pace; null when there is too little to say. */
  shareAtReset: z.number().nullable(),
  confidence: z.enum(CONFIDENCES),
});

/** See {@link forecastSchema}. */
export type Forecast = z.infer<typeof forecastSchema>;

/** Where the pool is heading. */
export const poolForecastSchema = z.object({
  /** Hours of work left at today's pace over all accounts; null when nobody can say. */
  hoursLeft: z.number().nullable(),
  confidence: z.enum(CONFIDENCES),
  /** In plain words, honest about how much it rests on and what it leaves out. */
  words: z.string(),
  /** Set when accounts that can serve are not in the hours (their windows are unknown, or they have none): it may be more. */
  atLeast: z.boolean().optional(),
  /** The account whose week will expire with most unused; null when none will. */
  expiring: z
    .object({ accountId: z.string(), bucket: z.string(), unusedShare: z.number(), resetAt: z.number() })
    .nullable(),
});

/** See {@link poolForecastSchema}. */
export type PoolForecast = z.infer<typeof poolForecastSchema>;

/** Readings of an account over time. */
export const limitHistorySchema = z.object({
  series: z
    .array(
      z.object({
        bucket: z.string(),
        label: z.string(),
        points: z.array(
          z.object({ at: z.number(), utilisation: z.number(), resetAt: z.number().nullable() }),
        ),
      }),
    )
    .max(40),
});

/** See {@link limitHistorySchema}. */
export type LimitHistory = z.infer<typeof limitHistorySchema>;
