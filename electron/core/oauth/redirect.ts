import { AppError } from '../errors.ts';
import { plainWords } from './plain-words.ts';

/** Longest text that is looked at, characters. */
const MAX_TEXT = 8192;

/** Longest code or state, characters. */
const MAX_VALUE = 2048;

/** What came back from the provider's page. */
export type Redirect =
  | { readonly kind: 'code'; readonly code: string; readonly state: string | null }
  /** `error` and `words` are the provider's, made harmless; `words` may be empty. */
  | {
      readonly kind: 'refused';
      readonly error: string;
      readonly words: string;
      readonly state: string | null;
    }
  | { readonly kind: 'unreadable' };

const UNREADABLE: Redirect = { kind: 'unreadable' };

/**
 * Reads a redirect address or what a person pasted: the whole address, its query, or `code#state` as the hosted
 * page shows it. Line breaks and spaces from copying are dropped. Never throws.
 */
export function readRedirect(text: string): Redirect {
  if (text.length > MAX_TEXT) return UNREADABLE;
  const compact = text.replaceAll(/\s+/g, '');
  const hash = compact.indexOf('#');
  const before = hash === -1 ? compact : compact.slice(0, hash);
  const fragment = hash === -1 ? '' : cut(compact.slice(hash + 1));
  const query = queryOf(before);
  if (query?.has('code') || query?.has('error')) return fromQuery(query, fragment);
  if (before.includes('://')) return UNREADABLE;
  return fromParts(cut(before), fragment);
}

/** True when `url` is the address the sign-in asked the provider to come back to, whatever its query. */
export function leadsTo(redirectUri: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const [wanted, given] = [new URL(redirectUri), new URL(url)];
  return wanted.origin === given.origin && wanted.pathname === given.pathname;
}

/** What to tell the person about a refusal: `sign_in_denied` when it was their own no, else `sign_in_refused`. */
export function refusalError(refused: Extract<Redirect, { kind: 'refused' }>): AppError {
  const said = refused.words === '' ? '' : ` It said: "${refused.words}".`;
  if (refused.error === 'access_denied') {
    const words = `The sign-in was declined on the provider's page.${said} Start again to agree to it.`;
    return new AppError('sign_in_denied', words);
  }
  const code = refused.error === '' ? '' : ` (${refused.error})`;
  const busy = ['server_error', 'temporarily_unavailable'].includes(refused.error);
  const next = busy ? 'Start again in a few minutes.' : 'Check the sign-in settings, then start again.';
  return new AppError('sign_in_refused', `The provider refused the sign-in${code}.${said} ${next}`);
}

function queryOf(before: string): URLSearchParams | null {
  const mark = before.indexOf('?');
  if (mark !== -1) return new URLSearchParams(before.slice(mark + 1));
  return /^(?:code|state|error)=/.test(before) ? new URLSearchParams(before) : null;
}

/** A field that is there twice means that somebody added to the address, so neither is believed. */
function fromQuery(query: URLSearchParams, fragment: string): Redirect {
  if (['code', 'state', 'error'].some((name) => query.getAll(name).length > 1)) return UNREADABLE;
  const state = query.get('state') ?? fragment;
  const error = query.get('error');
  if (error === null) return fromParts(query.get('code') ?? '', state);
  return {
    kind: 'refused',
    error: /^[a-z_]{1,60}$/.test(error) ? error : '',
    words: plainWords(query.get('error_description') ?? '', 200),
    state: state === '' ? null : state,
  };
}

function fromParts(code: string, state: string): Redirect {
  if (!isValue(code)) return UNREADABLE;
  if (state === '') return { kind: 'code', code, state: null };
  return isValue(state) ? { kind: 'code', code, state } : UNREADABLE;
}

function isValue(text: string): boolean {
  return text.length <= MAX_VALUE && /^[\x21-\x7e]+$/.test(text);
}

/** What follows an `&` or `?` came along with copying. */
function cut(text: string): string {
  return text.split(/[&?]/, 1)[0] ?? '';
}
