import type { ErrorCode } from '../../shared/errors.ts';
import { CallError } from './client.ts';

/** What a person can do next about an error; each has one button. */
export type NextStep = 'unlock' | 'change-port' | 'open-accounts' | 'show-log';

/** An error in words: what happened is the caller's title, this is what it means and the way on. */
export type ErrorWords = { meaning: string; nextStep: NextStep };

/** Button texts of the next steps. */
export const NEXT_STEP_LABELS: Record<NextStep, string> = {
  unlock: 'Unlock',
  'change-port': 'Change port',
  'open-accounts': 'Open accounts',
  'show-log': 'Show log file',
};

const NEXT_STEPS: Partial<Record<ErrorCode, NextStep>> = {
  vault_locked: 'unlock',
  vault_unavailable: 'unlock',
  wrong_passphrase: 'unlock',
  port_in_use: 'change-port',
  port_forbidden: 'change-port',
  not_found: 'open-accounts',
  secret_unreadable: 'open-accounts',
  sign_in_needed: 'open-accounts',
  refresh_failed: 'open-accounts',
};

/** Chooses the words by the stable code; anything unknown leads to the log file. */
export function errorWords(error: unknown): ErrorWords {
  if (!(error instanceof CallError)) {
    return { meaning: 'Something in this window went wrong.', nextStep: 'show-log' };
  }
  return { meaning: error.message, nextStep: NEXT_STEPS[error.code] ?? 'show-log' };
}
