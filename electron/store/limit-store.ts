import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { limitReadingSchema } from '../../shared/account.ts';
import type { CooldownRow, LimitStore } from '../core/store-ports.ts';
import { flag, jsonOf, parseRow } from './rows.ts';

const cooldownSchema = z
  .object({
    account_id: z.string(),
    bucket: z.string(),
    reason_code: z.string(),
    reason: z.string(),
    started_at: z.number(),
    ends_at: z.number().nullable(),
    evidence: jsonOf(z.array(z.string())),
    attention: flag,
    guessed: flag,
  })
  .transform(
    (row): CooldownRow => ({
      accountId: row.account_id,
      bucket: row.bucket,
      reasonCode: row.reason_code,
      reason: row.reason,
      startedAt: row.started_at,
      until: row.ends_at,
      evidence: row.evidence,
      attention: row.attention,
      guessed: row.guessed,
    }),
  );

const readingSchema = z
  .object({ account_id: z.string(), reading: jsonOf(limitReadingSchema) })
  .transform((row) => ({ accountId: row.account_id, reading: row.reading }));

/**
 * Cooldowns and limit readings in `ccflare.db`. An answer may arrive after its account was removed: writes for an
 * account that is gone do nothing. Readings are replaced by the next answer anyway, so one that does not parse (an
 * older or newer version may have written it) is left out instead of stopping the start.
 */
export function createLimitStore(db: Database): LimitStore {
  const cooldowns = db.prepare('SELECT * FROM cooldowns');
  const putCooldown = db.prepare(`
    INSERT INTO cooldowns
    SELECT @accountId, @bucket, @reasonCode, @reason, @startedAt, @until, @evidence, @attention, @guessed
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (account_id, bucket) DO UPDATE SET reason_code = excluded.reason_code, reason = excluded.reason,
      started_at = excluded.started_at, ends_at = excluded.ends_at, evidence = excluded.evidence,
      attention = excluded.attention, guessed = excluded.guessed`);
  const removeCooldown = db.prepare('DELETE FROM cooldowns WHERE account_id = ? AND bucket = ?');
  const readings = db.prepare('SELECT account_id, reading FROM limit_readings');
  const putReading = db.prepare(`
    INSERT INTO limit_readings SELECT @accountId, @bucket, @reading
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (account_id, bucket) DO UPDATE SET reading = excluded.reading`);
  const dropCooldowns = db.prepare('DELETE FROM cooldowns WHERE account_id = ?');
  const dropReadings = db.prepare('DELETE FROM limit_readings WHERE account_id = ?');
  const putReadings = db.transaction<LimitStore['putReadings']>((accountId, list) => {
    for (const reading of list) {
      putReading.run({ accountId, bucket: reading.bucket, reading: JSON.stringify(reading) });
    }
  });
  const removeAccount = db.transaction((accountId: string) => {
    dropCooldowns.run(accountId);
    dropReadings.run(accountId);
  });
  return {
    cooldowns: () => cooldowns.all().map((row) => parseRow(cooldownSchema, row)),
    putCooldown: (row) =>
      void putCooldown.run({
        ...row,
        evidence: JSON.stringify(row.evidence),
        attention: row.attention ? 1 : 0,
        guessed: row.guessed === true ? 1 : 0,
      }),
    removeCooldown: (accountId, bucket) => void removeCooldown.run(accountId, bucket),
    readings: () => readings.all().flatMap((row) => readingSchema.safeParse(row).data ?? []),
    putReadings: (accountId, list) => putReadings(accountId, list),
    removeAccount: (accountId) => removeAccount(accountId),
  };
}
