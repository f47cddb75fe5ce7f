import type { ErrorCode } from '../../shared/errors.ts';
import { CallError } from './client.ts';

/** What a person can do next about an error; each has one button. */
export type NextStep = 'unlock' | 'change-port' | 'open-accounts' | 'open-clients' | 'show-log';

/** An error in words: what happened is the caller's title, this is what it means and the way on. */
export type ErrorWords = { meaning: string; nextStep: NextStep };

/** Button texts of the next steps. */
export const NEXT_STEP_LABELS: Record<NextStep, string> = {
  unlock: 'Unlock',
  'change-port': 'Change port',
  'open-accounts': 'Open accounts',
  'open-clients': 'Open clients',
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
  client_settings_unreadable: 'open-clients',
  client_settings_changed: 'open-clients',
  sign_in_cancelled: 'open-accounts',
  sign_in_denied: 'open-accounts',
  sign_in_expired: 'open-accounts',
  sign_in_state: 'open-accounts',
  sign_in_refused: 'open-accounts',
  sign_in_unreachable: 'open-accounts',
  duplicate_account: 'open-accounts',
  other_account: 'open-accounts',
  consent_needed: 'open-accounts',
};

/** Chooses the words by the stable code; anything unknown leads to the log file. */
export function errorWords(error: unknown): ErrorWords {
  if (!(error instanceof CallError)) {
    return { meaning: 'Something in this window went wrong.', nextStep: 'show-log' };
  }
  return { meaning: error.message, nextStep: NEXT_STEPS[error.code] ?? 'show-log' };
}

/** What happened in a few words, and what a person can do about it. */
type FailureWords = { title: string; advice: string };

const SIGN_IN_FAILURES: Partial<Record<ErrorCode, FailureWords>> = {
  sign_in_cancelled: {
    title: 'The sign-in was not finished',
    advice: 'Start again when you like.',
  },
  sign_in_denied: {
    title: 'Access was not allowed',
    advice:
      'Nothing was saved. Try again and allow access on the provider’s page, for the right organisation.',
  },
  sign_in_expired: {
    title: 'The sign-in took too long',
    advice: 'A slow page may load faster in the system browser.',
  },
  sign_in_state: {
    title: 'That answer belongs to another sign-in',
    advice: 'Take a code only from the page that this app opened; another one may be somebody else’s login.',
  },
  sign_in_refused: {
    title: 'The provider refused the sign-in',
    advice: 'Another way may work; an API key works without a login.',
  },
  sign_in_unreachable: {
    title: 'The provider could not be reached',
    advice: 'Your network, proxy or firewall may be in the way, or the provider may be down.',
  },
  duplicate_account: {
    title: 'This login is here already',
    advice: 'A second account of it would add no limits. Sign in again from the card of that account.',
  },
  other_account: {
    title: 'That is the login of somebody else',
    advice: 'The account keeps its old login until the one that belongs to it signs in.',
  },
  consent_needed: {
    title: 'The notice was not agreed to',
    advice: 'Go back, read the notice and tick the box.',
  },
  vault_locked: {
    title: 'The accounts are locked',
    advice: 'Unlock them with your passphrase, then try again.',
  },
};

/** Words for a sign-in that failed, by its stable code; its message says what the provider said. */
export function failureWords(code: ErrorCode): FailureWords {
  return (
    SIGN_IN_FAILURES[code] ?? {
      title: 'The sign-in failed',
      advice: 'The log file may say more.',
    }
  );
}
