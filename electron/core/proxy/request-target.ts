/** A request target taken apart. */
export type RequestTarget = {
  /** Without client key, query and fragment; begins with a slash. */
  readonly path: string;
  /** With its question mark, or empty. Passed on as it is. */
  readonly query: string;
  /** The client key of a `/k/<key>` prefix, or null. Never recorded. */
  readonly key: string | null;
};

/** Longest target accepted, characters. The API's longest paths with a query stay far below. */
const MAX_TARGET = 2048;

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Forms that a server behind us could read differently than we do: dot segments, doubled slashes, backslashes,
 * fragments, path parameters, and percent-encoding of anything that needs none (letters, digits, `-._~`) or that
 * must not hide (slash, backslash, percent, controls).
 */
const AMBIGUOUS =
  /\/\.{1,2}(?:\/|$)|\/\/|\\|#|;|%(?![0-9a-f]{2})|%(?:[01][0-9a-f]|7f|2f|5c|25|2e|2d|5f|7e|3[0-9]|4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i;

const KEY_PREFIX = /^\/k\/([A-Za-z0-9._~-]{1,200})(?=\/|$)/;

/** Takes a target apart; answers why not when its form is not acceptable. */
export function parseTarget(url: string): RequestTarget | 'bad_path' | 'path_too_long' {
  if (url.length > MAX_TARGET) return 'path_too_long';
  if (!url.startsWith('/') || !VISIBLE_ASCII.test(url)) return 'bad_path';
  const mark = url.indexOf('?');
  const whole = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? '' : url.slice(mark);
  if (AMBIGUOUS.test(whole) || query.includes('#')) return 'bad_path';
  const key = KEY_PREFIX.exec(whole)?.[1] ?? null;
  const path = key === null ? whole : whole.slice('/k/'.length + key.length);
  return { path: path === '' ? '/' : path, query, key };
}

/**
 * The path of a refused request as the log may keep it: never a query, and nothing of a path that looks as if a
 * client key could be in it.
 */
export function loggablePath(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  if (!/^\/[\w./-]*$/.test(path) || /^\/+k(?:\/|$)|\/k\//i.test(path)) return '(not logged)';
  return path.slice(0, 300);
}

/** What kind of API call a path is, which decides credentials, size limit and what is read of the body. */
export type Route =
  /** Messages, count_tokens and legacy completions: a JSON body that names a model. */
  | 'messages'
  | 'count-tokens'
  /** Batches, files and what else may be large. */
  | 'upload'
  /** Other calls that an account's credential may serve. */
  | 'account'
  /** Everything else: no account's credential ever goes there. */
  | 'other';

/** Collections that belong to an account's workspace (Claude API overview). */
const COLLECTION =
  /^\/v1\/(messages\/batches|files|skills|agents|sessions|environments|vaults|memory_stores)(?=\/|$)/;

/** See {@link Route}. Exact and case-sensitive, since a wrong guess would send a credential to the wrong place. */
export function routeOf(path: string): Route {
  if (path === '/v1/messages' || path === '/v1/complete') return 'messages';
  if (path === '/v1/messages/count_tokens') return 'count-tokens';
  const collection = COLLECTION.exec(path)?.[1];
  if (collection !== undefined) return 'upload';
  return path === '/v1/models' || path.startsWith('/v1/models/') ? 'account' : 'other';
}

/** Making a batch: its requests may name what one account holds. */
export const BATCHES = '/v1/messages/batches';

/** The resource a path names (`/v1/files/<id>`, `/v1/messages/batches/<id>/results`), or null. */
export function resourceInPath(path: string): string | null {
  const collection = COLLECTION.exec(path)?.[0];
  if (collection === undefined) return null;
  const id = path.slice(collection.length + 1).split('/', 1)[0] ?? '';
  return id === '' ? null : id;
}
