import type { Migration } from '../migrate.ts';

/** Whether the end of a cooldown is our own guess, which is told otherwise than what the provider stated. */
export const guessedEnds: Migration = {
  version: 8,
  name: 'guessed ends of cooldowns',
  sql: 'ALTER TABLE cooldowns ADD COLUMN guessed INTEGER NOT NULL DEFAULT 0 CHECK (guessed IN (0, 1));',
};
