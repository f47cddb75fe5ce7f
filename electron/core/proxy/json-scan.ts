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

/** Where the scanner stands between two bytes. */
type Place =
  | 'start'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'string'
  | 'nested'
  | 'nested-string'
  | 'scalar'
  | 'after-value'
  | 'done';

/** Where a value lies in the whole text, bytes: from its first to behind its last, quotes included. */
export type Span = { readonly start: number; readonly end: number };

/** Longest raw text kept of a key or value, bytes; longer ones count as absent. */
const MAX_CAPTURE = 8 * 1024;

/** A document that comes whole and is no longer than this is parsed at once: the native parser is faster there, bytes. */
const MAX_WHOLE = 4 * 1024;

/** Short strings are walked; beyond this the native search for the closing quote is faster. */
const WALK_BYTES = 24;

/**
 * Reads chosen keys of the outermost JSON object from chunks of bytes, without building anything else: a 25 MB body
 * costs some 20 ms spread over its chunks, where `JSON.parse` would hold the thread for a quarter of a second. Of
 * keys that occur twice the last one counts, as with `JSON.parse`. Never throws; of a broken document it knows what
 * came before the break.
 */
export class TopLevelScanner {
  readonly #wanted: readonly string[];
  /** Null while nothing is found. */
  #found: Map<string, string> | null = null;
  /** Set when the whole document was parsed at once. */
  #whole: object | null = null;
  #place: Place = 'start';
  #depth = 0;
  #key = '';
  /** 1 when the last chunk ended in a backslash inside a string: the next byte is escaped. */
  #skip = 0;
  #capturing = false;
  #from = 0;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Bytes of the chunks before this one, and where the running capture began in the whole text. */
  #before = 0;
  #start = 0;
  readonly #spans: Map<string, Span> | null;

  /** `locate`: also notes where the wanted values lie. */
  constructor(wanted: readonly string[], locate = false) {
    this.#wanted = wanted;
    this.#spans = locate ? new Map() : null;
  }

  /** True once the outermost object is closed (or the text is no object). */
  get done(): boolean {
    return this.#place === 'done';
  }

  /** The value of a wanted key, parsed, or undefined when it is absent, unfinished, broken or over 8 KiB. */
  value(key: string): unknown {
    if (this.#whole !== null)
      return Object.hasOwn(this.#whole, key) ? Reflect.get(this.#whole, key) : undefined;
    const raw = this.#found?.get(key);
    if (raw === undefined) return undefined;
    try {
      return JSON.parse(raw);
    } catch {
      return undefined;
    }
  }

  /** Where the value lies that {@link value} answers; null when there is none, or nobody asked for places. */
  span(key: string): Span | null {
    return this.#spans?.get(key) ?? null;
  }

  /** Takes the next bytes; keeps none of them but the little it is asked for. */
  write(chunk: Buffer): void {
    if (this.#place === 'start' && this.#takeWhole(chunk)) return;
    let at = this.#skip;
    this.#skip = 0;
    this.#from = 0;
    while (at < chunk.length && this.#place !== 'done') at = this.#step(chunk, at);
    this.#skip = Math.max(0, at - chunk.length);
    if (this.#capturing) this.#keep(chunk.subarray(this.#from));
    this.#before += chunk.length;
  }

  /** Parses a short chunk that looks like a whole object; false leaves everything to the walk. */
  #takeWhole(chunk: Buffer): boolean {
    if (this.#spans !== null || chunk.length > MAX_WHOLE || chunk[chunk.length - 1] !== CLOSE_BRACE)
      return false;
    try {
      const parsed: unknown = JSON.parse(chunk.toString('utf8'));
      if (typeof parsed !== 'object' || parsed === null) return false;
      this.#whole = parsed;
      this.#place = 'done';
      return true;
    } catch {
      return false;
    }
  }

  /** Handles the bytes from `at` on and answers where to go on. */
  #step(chunk: Buffer, at: number): number {
    switch (this.#place) {
      case 'key':
      case 'string':
        return this.#stringEnd(chunk, at);
      case 'nested-string': {
        const end = closingQuote(chunk, at);
        if (end < chunk.length) this.#place = 'nested';
        return end < chunk.length ? end + 1 : end;
      }
      case 'nested':
        return this.#nested(chunk, at);
      case 'scalar':
        return this.#scalar(chunk, at);
      default:
        return isSpace(chunk[at]) ? at + 1 : this.#punctuation(chunk, at);
    }
  }

  #punctuation(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    switch (this.#place) {
      case 'start':
        this.#place = byte === OPEN_BRACE ? 'key-or-end' : 'done';
        return at + 1;
      case 'key-or-end':
        if (byte === QUOTE) this.#capture(at);
        this.#place = byte === QUOTE ? 'key' : 'done';
        return at + 1;
      case 'colon':
        this.#place = byte === COLON ? 'value' : 'done';
        return at + 1;
      case 'value':
        return this.#valueStart(byte, at);
      default:
        this.#place = byte === COMMA ? 'key-or-end' : 'done';
        return at + 1;
    }
  }

  #valueStart(byte: number | undefined, at: number): number {
    if (this.#wanted.includes(this.#key)) this.#capture(at);
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#place = 'nested';
      this.#depth = 1;
      return at + 1;
    }
    this.#place = byte === QUOTE ? 'string' : 'scalar';
    return byte === QUOTE ? at + 1 : at;
  }

  #stringEnd(chunk: Buffer, at: number): number {
    const end = closingQuote(chunk, at);
    if (end >= chunk.length) return end;
    if (this.#place === 'key') {
      this.#key = unquoted(this.#captured(chunk, end + 1) ?? '""');
      this.#place = 'colon';
    } else {
      this.#valueEnd(chunk, end + 1);
    }
    return end + 1;
  }

  #nested(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at];
      at += 1;
      if (byte === QUOTE) {
        const end = closingQuote(chunk, at);
        if (end >= chunk.length) {
          this.#place = 'nested-string';
          return end;
        }
        at = end + 1;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#depth -= 1;
        if (this.#depth === 0) {
          this.#valueEnd(chunk, at);
          return at;
        }
      }
    }
    return at;
  }

  #scalar(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && chunk[at] !== COMMA && chunk[at] !== CLOSE_BRACE && !isSpace(chunk[at]))
      at += 1;
    if (at < chunk.length) this.#valueEnd(chunk, at);
    return at;
  }

  #valueEnd(chunk: Buffer, end: number): void {
    this.#place = 'after-value';
    if (!this.#wanted.includes(this.#key)) return;
    const raw = this.#captured(chunk, end);
    this.#found ??= new Map();
    if (raw === null) this.#found.delete(this.#key);
    else this.#found.set(this.#key, raw);
    if (raw === null) this.#spans?.delete(this.#key);
    else this.#spans?.set(this.#key, { start: this.#start, end: this.#before + end });
  }

  #capture(from: number): void {
    this.#capturing = true;
    this.#from = from;
    this.#start = this.#before + from;
    this.#kept = [];
    this.#keptBytes = 0;
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length;
    if (this.#keptBytes <= MAX_CAPTURE) this.#kept.push(Buffer.from(bytes));
  }

  /** Ends a capture; null when it was too long. */
  #captured(chunk: Buffer, end: number): string | null {
    this.#capturing = false;
    const last = chunk.subarray(this.#from, end);
    if (this.#keptBytes + last.length > MAX_CAPTURE) return null;
    return this.#kept.length === 0
      ? last.toString('utf8')
      : Buffer.concat([...this.#kept, last]).toString('utf8');
  }
}

/**
 * Index of the quote that ends a string whose next byte is at `from`. When it is not in this chunk: the chunk's
 * length, or one more if the next byte (of the next chunk) is escaped.
 */
function closingQuote(chunk: Buffer, from: number): number {
  const { length } = chunk;
  let at = from;
  for (;;) {
    const walkEnd = Math.min(length, at + WALK_BYTES);
    while (at < walkEnd) {
      const byte = chunk[at];
      if (byte === QUOTE) return at;
      at += byte === BACKSLASH ? 2 : 1;
    }
    if (at >= length) return at;
    const quote = chunk.indexOf(QUOTE, at);
    const end = quote === -1 ? length : quote;
    const escaped = backslashesBefore(chunk, at, end) % 2 === 1;
    if (!escaped) return end;
    at = end + 1;
    if (quote === -1) return at;
  }
}

function backslashesBefore(chunk: Buffer, from: number, end: number): number {
  let at = end;
  while (at > from && chunk[at - 1] === BACKSLASH) at -= 1;
  return end - at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function unquoted(raw: string): string {
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    return '';
  }
}
