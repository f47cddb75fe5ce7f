import { TopLevelScanner } from '../proxy/json-scan.ts';
import type { TapResult, UsageTap } from '../usage-ports.ts';
import { fieldOf, textOf, usageOf } from './usage-fields.ts';

const WANTED = ['usage', 'model', 'stop_reason', 'type', 'error'];

/** Reads usage from a plain JSON answer of any size while it passes; keeps the few wanted values only. */
export class JsonTap implements UsageTap {
  readonly #scanner = new TopLevelScanner(WANTED);

  write(chunk: Uint8Array): void {
    this.#scanner.write(
      Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
    );
  }

  end(): TapResult {
    const found = Object.fromEntries(WANTED.map((key) => [key, this.#scanner.value(key)]));
    const isError = found.type === 'error';
    return {
      usage: usageOf(found.usage),
      servedModel: textOf(found, 'model'),
      stopReason: textOf(found, 'stop_reason'),
      errorType: isError ? (textOf(fieldOf(found, 'error'), 'type') ?? 'unknown_error') : null,
      ended: this.#scanner.done && (found.type !== undefined || found.usage !== undefined),
    };
  }
}
