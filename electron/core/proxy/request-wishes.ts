import type { AccountPool } from '../ports.ts';

// Headers in which a client says what it wants of us. None of them goes upstream.

/** Names the account that the request is to go to, or nowhere. */
export const ACCOUNT_HEADER = 'x-ccflare-account';
/** Names the project that the request belongs to. */
export const PROJECT_HEADER = 'x-ccflare-project';

/** 1 to 100 visible characters and spaces: nothing that could hide, break or turn around what a person reads. */
const PROJECT = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;

const utf8 = new TextDecoder('utf-8', { fatal: true });

type HeaderValue = string | string[] | undefined;

/** The project that a request names, or null where it names none or nothing readable. */
export function projectOf(value: HeaderValue): string | null {
  const text = readable(value);
  return text !== null && PROJECT.test(text) ? text : null;
}

/** Id of the account with this id or, whatever its case, this name. */
export function accountNamed(accounts: AccountPool, wanted: string): string | null {
  if (accounts.get(wanted) !== undefined) return wanted;
  const name = wanted.toLowerCase();
  return accounts.all().find((account) => account.name.trim().toLowerCase() === name)?.id ?? null;
}

/** Text of a header, trimmed. Node reads bytes as latin1; what is valid UTF-8 was meant as such. Null when empty. */
export function readable(value: HeaderValue): string | null {
  if (typeof value !== 'string') return null;
  const trimmed = asMeant(value).trim();
  return trimmed === '' ? null : trimmed;
}

function asMeant(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
