import type { SignInMode, SignInView, SignInWay } from '../../../../shared/sign-in.ts';
import { failureWords } from '../../../api/error-words.ts';

/** Where the person is to sign in, and what happens after that. */
export const WAITING_WORDS: Record<SignInWay, string> = {
  window:
    'A window has opened. Sign in there; its address is shown at the top. It closes by itself and this dialog goes on.',
  browser:
    'Your browser has opened. Sign in there and allow access. It comes back to this computer by itself and this dialog goes on.',
  paste:
    'Your browser has opened. Sign in there and allow access. The page then shows a code: copy all of it and paste it here.',
};

/** Buttons that change the way while it is waited for. */
export const SWITCH_WORDS: Record<SignInWay, string> = {
  window: 'Use a window of this app instead',
  browser: 'Use the system browser instead',
  paste: 'Paste a code instead',
};

const MODE_TITLES: Record<SignInMode, string> = {
  subscription: 'Sign in with your subscription',
  console: 'Sign in to the console',
};

/** Title of the dialog at each phase; `again` is the account that signs in again, `name` the one it became. */
export function signInTitle(view: SignInView, again: string | null, name: string | null): string {
  switch (view.phase) {
    case 'waiting':
    case 'exchanging':
      return again === null ? MODE_TITLES[view.mode] : `Sign ${again} in again`;
    case 'confirm':
      return view.duplicateOf === null ? 'Add this account?' : 'This login is here already';
    case 'done':
      return again === null ? `${name ?? 'The account'} is added` : `${again} is signed in again`;
    case 'failed':
      return view.error === null ? 'The sign-in failed' : failureWords(view.error.code).title;
  }
}
