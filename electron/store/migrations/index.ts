import type { Migration } from '../migrate.ts';
import { accounts } from './001-accounts.ts';
import { keysAndSettings } from './002-keys-and-settings.ts';
import { routingMemory } from './003-routing-memory.ts';
import { audit } from './004-audit.ts';
import { signIn } from './005-sign-in.ts';
import { routing } from './006-routing.ts';
import { usageChecks } from './007-usage-checks.ts';
import { guessedEnds } from './008-guessed-ends.ts';
import { keyPurpose } from './009-key-purpose.ts';

/** The schema of `ccflare.db`, step by step. All times are UTC ms. */
export const ENGINE_MIGRATIONS: readonly Migration[] = [
  accounts,
  keysAndSettings,
  routingMemory,
  audit,
  signIn,
  routing,
  usageChecks,
  guessedEnds,
  keyPurpose,
];
