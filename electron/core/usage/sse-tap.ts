import type { TapResult, UsageTap } from '../usage-ports.ts';
import { StreamTally } from './stream-tally.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const LOWER_A = 0x61;
const LOWER_D = 0x64;
const LOWER_E = 0x65;
const LOWER_M = 0x6d;

/** Longest line that is read, bytes; the telling events are a few hundred bytes long. */
const MAX_LINE = 256 * 1024;

/** What must be here of a line before it is known whether it matters: `event: m`. */
const TELLING_BYTES = 8;

/** Events that say something about usage, or about the end. */
const TELLING = /^event: ?(?:message_start|message_delta|message_stop|error)\s*$/;

/**
 * Reads usage from server-sent events (WHATWG HTML section 9.2) in any chunking. Nearly all lines are content and are
 * skipped by their first bytes, without a copy, a decoding or a parse: `event:` lines that begin with neither `m` nor
 * `e`, and the `data:` lines after them.
 */
export class SseTap implements UsageTap {
  readonly #tally = new StreamTally();
  /** Beginning of a line whose end, or whose meaning, is still to come. */
  #carry: Buffer[] = [];
  #carried = 0;
  /** The rest of the line is of no interest. */
  #skipping = false;
  /** The event at hand is a telling one; null while no `event:` line has said so. */
  #telling: boolean | null = null;
  /** JSON that was spread over several `data:` lines, so far. */
  #data = '';

  write(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline === -1 ? bytes.length : newline;
      if (!this.#skipping) this.#part(bytes, at, end, newline !== -1);
      if (newline === -1) return;
      this.#skipping = false;
      at = newline + 1;
    }
  }

  end(): TapResult {
    // A stream that breaks off right behind a line's last byte has still said it.
    if (this.#carry.length > 0) this.#carriedLine();
    return this.#tally.result();
  }

  /** A line, or the part of one that this chunk holds. */
  #part(bytes: Buffer, from: number, to: number, whole: boolean): void {
    if (whole && this.#carry.length === 0) {
      this.#line(bytes, from, to);
      return;
    }
    const undecided = this.#carried < TELLING_BYTES;
    this.#carry.push(Buffer.from(bytes.subarray(from, to)));
    this.#carried += to - from;
    if (whole) this.#carriedLine();
    else if (this.#carried > MAX_LINE || (undecided && !this.#mayMatter())) this.#skipRest();
  }

  #carriedLine(): void {
    const line = Buffer.concat(this.#carry);
    this.#carry = [];
    this.#carried = 0;
    this.#line(line, 0, line.length);
  }

  #mayMatter(): boolean {
    if (this.#carry.length > 1) this.#carry = [Buffer.concat(this.#carry)];
    const [start] = this.#carry;
    return start === undefined || this.#matters(start, 0, start.length);
  }

  #skipRest(): void {
    if (this.#carry[0]?.[0] === LOWER_E) this.#telling = false;
    this.#carry = [];
    this.#carried = 0;
    this.#skipping = true;
  }

  /** Whether a line is, or may become, worth reading. */
  #matters(bytes: Buffer, from: number, to: number): boolean {
    if (to - from < TELLING_BYTES) return true;
    const first = bytes[from];
    if (first === LOWER_D) return this.#telling !== false;
    return first === LOWER_E && mayTell(bytes, from);
  }

  #line(bytes: Buffer, from: number, lineEnd: number): void {
    const to = lineEnd > from && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
    if (to === from) {
      this.#telling = null;
      this.#data = '';
      return;
    }
    if (to - from > MAX_LINE) return;
    const first = bytes[from];
    if (first === LOWER_E) {
      this.#telling =
        mayTell(bytes, from) && TELLING.test(bytes.toString('latin1', from, Math.min(to, from + 64)));
    } else if (first === LOWER_D && this.#telling !== false && isData(bytes, from, to)) {
      this.#json(bytes, from + 5, to);
    }
  }

  #json(bytes: Buffer, from: number, to: number): void {
    // Without an `event:` line the JSON itself must tell: `{"type":"message_...` or `{"type":"error"`.
    if (
      this.#telling === null &&
      !/"type"\s*:\s*"(?:message_|error)/.test(bytes.toString('latin1', from, Math.min(to, from + 64)))
    ) {
      return;
    }
    this.#data += bytes.toString('utf8', bytes[from] === SPACE ? from + 1 : from, to);
    if (this.#data.length > MAX_LINE) this.#data = '';
    try {
      this.#tally.take(JSON.parse(this.#data));
      this.#data = '';
    } catch {
      this.#data += '\n';
    }
  }
}

/** Whether an `event:` line can name a telling event, by the first letter of the name. */
function mayTell(bytes: Buffer, from: number): boolean {
  if (bytes[from + 5] !== COLON) return false;
  const letter = bytes[from + 6] === SPACE ? bytes[from + 7] : bytes[from + 6];
  return letter === LOWER_M || letter === LOWER_E;
}

function isData(bytes: Buffer, from: number, to: number): boolean {
  return to - from > 5 && bytes[from + 1] === LOWER_A && bytes[from + 4] === COLON;
}
