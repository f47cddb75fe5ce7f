import type { ErrorCode, ErrorView } from '../../shared/errors.ts';

/** The one error class of the engine: a stable code, a sentence for people, and the cause for the log only. */
export class AppError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
  }
}

/** What may leave the engine of any thrown value: known errors as they are, everything else without detail. */
export function toErrorView(error: unknown): ErrorView {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: 'internal', message: 'Something went wrong inside the app. The log file has the detail.' };
}
