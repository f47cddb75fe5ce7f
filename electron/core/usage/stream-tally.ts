import type { Usage } from '../../../shared/request-record.ts';
import type { TapResult } from '../usage-ports.ts';
import { fieldOf, replaceUsage, textOf, usageOf } from './usage-fields.ts';

/** Puts together what the few telling events of a stream say. */
export class StreamTally {
  #usage: Usage | null = null;
  #final = false;
  #servedModel: string | null = null;
  #stopReason: string | null = null;
  #errorType: string | null = null;
  #ended = false;

  /** Takes the JSON of one event; events that say nothing about usage are ignored. */
  take(event: unknown): void {
    switch (fieldOf(event, 'type')) {
      case 'message_start':
        this.#start(fieldOf(event, 'message'));
        return;
      case 'message_delta':
        this.#delta(event);
        return;
      case 'message_stop':
        this.#ended = true;
        return;
      case 'error':
        this.#errorType = textOf(fieldOf(event, 'error'), 'type') ?? 'unknown_error';
        this.#ended = true;
        return;
      default:
    }
  }

  result(): TapResult {
    return {
      // Without a final count the output so far is a lower bound.
      usage: this.#usage === null ? null : { ...this.#usage, partial: !this.#final },
      servedModel: this.#servedModel,
      stopReason: this.#stopReason,
      errorType: this.#errorType,
      ended: this.#ended,
    };
  }

  #start(message: unknown): void {
    this.#servedModel = textOf(message, 'model') ?? this.#servedModel;
    const usage = usageOf(fieldOf(message, 'usage'));
    if (usage !== null) this.#usage = replaceUsage(this.#usage, usage);
  }

  #delta(event: unknown): void {
    this.#stopReason = textOf(fieldOf(event, 'delta'), 'stop_reason') ?? this.#stopReason;
    const usage = usageOf(fieldOf(event, 'usage'));
    if (usage === null) return;
    this.#usage = replaceUsage(this.#usage, usage);
    this.#final = true;
  }
}
