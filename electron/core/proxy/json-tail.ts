import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-bytes.ts';

/** Longest raw value that is parsed, bytes. */
const MAX_VALUE = 8 * 1024;

/**
 * Reads the last keys of the outermost JSON object from the end of its text, backwards, as far as `tail` reaches:
 * large bodies mostly carry their small keys before or after one huge list, which need not be walked then. Works
 * because in valid JSON a quote is escaped exactly when an odd number of backslashes precedes it, so places can be
 * told from the end as well. Values of the wanted keys found, parsed; of a key that occurs twice the last one.
 */
export function readTail(tail: Buffer, wanted: ReadonlySet<string>): Map<string, unknown> {
  const found = new Map<string, unknown>();
  let at = backOverSpace(tail, tail.length);
  if (tail[at - 1] !== CLOSE_BRACE) return found;
  at = backOverSpace(tail, at - 1);
  while (at > 0) {
    const valueEnd = at;
    const valueStart = backOverValue(tail, valueEnd);
    const colon = backOverSpace(tail, valueStart);
    const keyEnd = backOverSpace(tail, colon - 1);
    const keyStart = backOverString(tail, keyEnd);
    if (valueStart < 0 || tail[colon - 1] !== COLON || keyStart < 0) break;
    const key = parsed(tail.subarray(keyStart, keyEnd));
    if (typeof key === 'string' && wanted.has(key) && !found.has(key)) {
      const raw = tail.subarray(valueStart, valueEnd);
      found.set(key, raw.length > MAX_VALUE ? undefined : parsed(raw));
    }
    at = backOverSpace(tail, keyStart);
    if (tail[at - 1] !== COMMA) break;
    at = backOverSpace(tail, at - 1);
  }
  return found;
}

/** Start of the value that ends at `end`, or -1 when it begins before the tail. */
function backOverValue(tail: Buffer, end: number): number {
  const last = tail[end - 1];
  if (last === QUOTE) return backOverString(tail, end);
  if (last === CLOSE_BRACE || last === CLOSE_BRACKET) return backOverNested(tail, end);
  let at = end;
  while (at > 0 && tail[at - 1] !== COLON && !isSpace(tail[at - 1])) at -= 1;
  return at === 0 ? -1 : at;
}

function backOverNested(tail: Buffer, end: number): number {
  let depth = 0;
  let at = end;
  while (at > 0) {
    const byte = tail[at - 1];
    if (byte === QUOTE) {
      at = backOverString(tail, at);
      if (at < 0) return -1;
      continue;
    }
    at -= 1;
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth += 1;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** Start of the string whose closing quote ends at `end`, or -1 when there is none in the tail. */
function backOverString(tail: Buffer, end: number): number {
  if (end < 2 || tail[end - 1] !== QUOTE) return -1;
  let quote = tail.lastIndexOf(QUOTE, end - 2);
  while (quote > 0) {
    let before = quote;
    while (before > 0 && tail[before - 1] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 0) return before === 0 && quote > 0 ? -1 : quote;
    quote = tail.lastIndexOf(QUOTE, quote - 1);
  }
  return -1;
}

function backOverSpace(tail: Buffer, end: number): number {
  let at = end;
  while (at > 0 && isSpace(tail[at - 1])) at -= 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
