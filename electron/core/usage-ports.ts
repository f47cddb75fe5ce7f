import type { Usage } from '../../shared/request-record.ts';

/** What a tap found in an answer by the time it ended. */
export type TapResult = {
  readonly usage: Usage | null;
  readonly servedModel: string | null;
  readonly stopReason: string | null;
  /** `error.type` of an SSE error event inside a 200, or of a JSON error body. */
  readonly errorType: string | null;
  /** Whether an SSE stream reached `message_stop` or an `error` event; true for plain answers that parsed. */
  readonly ended: boolean;
};

/** Reads along; never throws, never keeps a chunk longer than the call (it copies the little it needs). */
export type UsageTap = {
  write(chunk: Uint8Array): void;
  end(): TapResult;
};

/** Chooses the tap by content type and encoding; null when there is nothing to read. */
export type CreateUsageTap = (
  contentType: string | undefined,
  contentEncoding: string | undefined,
) => UsageTap | null;

/** Cost in billionths of a US dollar, or null when the model has no known price at that time. */
export type PriceUsage = (model: string | null, usage: Usage, at: number) => number | null;
