import { TopLevelScanner } from '../proxy/json-scan.ts';
import type { TapResult, UsageTap } from '../usage-ports.ts';
import { asText, textOf, usageOf } from './usage-fields.ts';

const WANTED = ['usage', 'model', 'stop_reason', 'type', 'error'] as const;
type Wanted = (typeof WANTED)[number];

/** Reads usage from a plain JSON answer of any size while it passes; keeps the few wanted values only. */
export class JsonTap implements UsageTap {
  readonly #scanner = new TopLevelScanner(WANTED);

  write(chunk: Uint8Array): void {
    this.#scanner.write(
      Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
    );
  }

  end(): TapResult {
    const found = (key: Wanted): unknown => this.#scanner.value(key);
    const usage = found('usage');
    const type = found('type');
    return {
      usage: usageOf(usage),
      servedModel: asText(found('model')),
      stopReason: asText(found('stop_reason')),
      errorType: type === 'error' ? (textOf(found('error'), 'type') ?? 'unknown_error') : null,
      ended: this.#scanner.done && (type !== undefined || usage !== undefined),
    };
  }
}
