import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { TapResult, UsageTap } from '../usage-ports.ts';

/** Content codings that can be read. */
export type Coding = 'gzip' | 'br' | 'deflate';

/** Compressed bytes kept of an answer; a larger one goes uncounted. */
const MAX_COMPRESSED = 4 * 1024 * 1024;

/** Bytes it may grow to. */
const MAX_PLAIN = 32 * 1024 * 1024;

const NOTHING: TapResult = {
  usage: null,
  servedModel: null,
  stopReason: null,
  errorType: null,
  ended: false,
};

/**
 * Keeps a compressed answer aside and reads it when it has ended, so that decoding delays no byte. Providers send
 * streams uncompressed, so this is for plain answers of some kilobytes in practice.
 */
export class DecodingTap implements UsageTap {
  readonly #coding: Coding;
  readonly #inner: UsageTap;
  #kept: Buffer[] = [];
  #size = 0;

  constructor(coding: Coding, inner: UsageTap) {
    this.#coding = coding;
    this.#inner = inner;
  }

  write(chunk: Uint8Array): void {
    this.#size += chunk.byteLength;
    if (this.#size <= MAX_COMPRESSED) this.#kept.push(Buffer.from(chunk));
    else this.#kept = [];
  }

  end(): TapResult {
    if (this.#size === 0 || this.#size > MAX_COMPRESSED) return NOTHING;
    try {
      this.#inner.write(decode(this.#coding, Buffer.concat(this.#kept)));
    } catch {
      return NOTHING;
    } finally {
      this.#kept = [];
    }
    return this.#inner.end();
  }
}

/** What is there of the text, even when the answer broke off. */
function decode(coding: Coding, bytes: Buffer): Buffer {
  const bound = { maxOutputLength: MAX_PLAIN };
  if (coding === 'br') {
    return brotliDecompressSync(bytes, { ...bound, finishFlush: constants.BROTLI_OPERATION_FLUSH });
  }
  const options = { ...bound, finishFlush: constants.Z_SYNC_FLUSH };
  if (coding === 'gzip') return gunzipSync(bytes, options);
  // `deflate` means zlib (RFC 9110 section 8.4.1.2), but some servers send it raw: the first byte tells.
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
}
