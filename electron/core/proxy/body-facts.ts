import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { TopLevelScanner } from './json-scan.ts';
import { readTail } from './json-tail.ts';
import { sessionInUserId } from './session-id.ts';

const WANTED = ['model', 'metadata', 'max_tokens', 'speed', 'container', 'previous_message_id'];
const WANTED_OF_TAIL: ReadonlySet<string> = new Set(WANTED);

/** How much of the end of a body is kept to be looked into, bytes. */
const TAIL = 1024 * 1024;

/** Compressed bodies are looked into up to these sizes, bytes; larger ones stay unread. */
const MAX_COMPRESSED = 256 * 1024;
const MAX_DECODED = 8 * 1024 * 1024;

/** A quota probe is a few hundred bytes; nothing larger is parsed to find out. */
const MAX_PROBE = 2048;

/** What routing needs from a Messages body, read while its bytes pass. */
export class BodyFacts {
  readonly #scanner = new TopLevelScanner(WANTED);
  readonly #encoding: string | undefined;
  /** The last chunks, once the body is no longer walked. */
  #tail: Buffer[] | null = null;
  #tailBytes = 0;
  /** Null for nearly all: the head of the body said enough. */
  #fromTail: ReadonlyMap<string, unknown> | null = null;
  #plainBytes: number | null = null;

  /** `encoding`: the request's `content-encoding`. */
  constructor(encoding: string | undefined) {
    this.#encoding = encoding === undefined || encoding === 'identity' ? undefined : encoding;
  }

  write(chunk: Buffer): void {
    if (this.#encoding !== undefined) return;
    if (this.#tail === null) this.#scanner.write(chunk);
    else this.#keepTail(this.#tail, chunk);
  }

  /** An account is chosen: what is still to come is for the record only, and worth a look at its end. */
  settle(): void {
    if (!this.#scanner.done) this.#tail ??= [];
  }

  /** The body is complete; `whole` is all of it where that is small. */
  finish(whole: Buffer | null): void {
    if (this.#tail !== null && this.#tailBytes > 0) {
      this.#fromTail = readTail(Buffer.concat(this.#tail, this.#tailBytes), WANTED_OF_TAIL);
      this.#tail = [];
      this.#tailBytes = 0;
    }
    if (this.#encoding === undefined || whole === null || whole.length > MAX_COMPRESSED) return;
    const plain = decoded(whole, this.#encoding, MAX_DECODED);
    if (plain === null) return;
    this.#plainBytes = plain.length;
    this.#scanner.write(plain);
  }

  /** Size of an encoded body once it is decoded; null when it came plain, or was not decoded. */
  get plainBytes(): number | null {
    return this.#plainBytes;
  }

  /** Whether the body comes compressed or otherwise encoded. */
  get encoded(): boolean {
    return this.#encoding !== undefined;
  }

  /** The outermost object is closed: nothing more will be found. */
  get done(): boolean {
    return this.#scanner.done;
  }

  /** `model`, at most 120 characters, else null. */
  get model(): string | null {
    const model = this.#value('model');
    return typeof model === 'string' && model.length > 0 && model.length <= 120 ? model : null;
  }

  /** Bound of the answer, tokens, or null. */
  get maxTokens(): number | null {
    const bound = this.#value('max_tokens');
    return typeof bound === 'number' && Number.isSafeInteger(bound) && bound >= 0 ? bound : null;
  }

  /** Whether the answer is asked for in fast mode, which has prices of its own. */
  get fast(): boolean {
    return this.#value('speed') === 'fast';
  }

  get session(): string | null {
    const metadata = this.#value('metadata');
    return typeof metadata === 'object' && metadata !== null && 'user_id' in metadata
      ? sessionInUserId(metadata.user_id)
      : null;
  }

  /** Id of a container the request continues in, or null. */
  get container(): string | null {
    const container = this.#value('container');
    if (typeof container === 'string') return container;
    const inside =
      typeof container === 'object' && container !== null && 'id' in container ? container.id : null;
    return typeof inside === 'string' ? inside : null;
  }

  /** Id of the message whose thread the request continues, or null. */
  get thread(): string | null {
    const previous = this.#value('previous_message_id');
    return typeof previous === 'string' ? previous : null;
  }

  /**
   * Claude Code's start-up probe: one token asked of one user message that says `quota` (older versions: `test`).
   * It must not bind a session.
   */
  isQuotaProbe(whole: Buffer | null): boolean {
    if (whole === null || whole.length > MAX_PROBE || this.#scanner.value('max_tokens') !== 1) return false;
    return /"messages"\s*:\s*\[\s*\{[^{}[\]]*(?:\[\s*\{[^{}[\]]*)?"(?:content|text)"\s*:\s*"(?:quota|test)"/.test(
      whole.toString('latin1'),
    );
  }

  #value(key: string): unknown {
    return this.#fromTail?.get(key) ?? this.#scanner.value(key);
  }

  #keepTail(tail: Buffer[], chunk: Buffer): void {
    tail.push(chunk);
    this.#tailBytes += chunk.length;
    while (this.#tailBytes - (tail[0]?.length ?? 0) > TAIL) this.#tailBytes -= tail.shift()?.length ?? 0;
  }
}

/** A decoded copy of at most `maxBytes`, or null where the coding is unknown, the bytes are broken or too many. */
export function decoded(bytes: Buffer, encoding: string, maxBytes: number): Buffer | null {
  const options = { maxOutputLength: maxBytes };
  try {
    switch (encoding.trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, options);
      case 'deflate':
        return inflateSync(bytes, options);
      case 'br':
        return brotliDecompressSync(bytes, options);
      default:
        return null;
    }
  } catch {
    return null;
  }
}
