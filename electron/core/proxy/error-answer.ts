import type { AttemptOutcome } from '../limit-ports.ts';
import type { Attempt } from './attempt.ts';
import { decoded } from './body-facts.ts';

/** Decoded error bodies are looked into up to this size, bytes. */
const MAX_DECODED = 256 * 1024;

type ErrorFields = Extract<AttemptOutcome, { kind: 'response' }>['error'];

/** What an answer says about the attempt, for the classification. The raw bytes stay with the attempt. */
export function outcomeOf(attempt: Attempt): AttemptOutcome {
  return {
    kind: 'response',
    status: attempt.status,
    headers: attempt.headers,
    error: attempt.status < 400 ? null : errorFields(attempt),
  };
}

/** `error.type`, `error.message` and `error.details.error_code` of a complete error body (API errors reference). */
function errorFields(attempt: Attempt): ErrorFields {
  if (!attempt.ended || attempt.body.length === 0) return null;
  const raw = Buffer.concat(attempt.body);
  const encoding = attempt.headers.get('content-encoding');
  const plain = encoding === undefined ? raw : decoded(raw, encoding, MAX_DECODED);
  if (plain === null) return null;
  try {
    const error = field(JSON.parse(plain.toString('utf8')), 'error');
    const type = field(error, 'type');
    if (typeof type !== 'string') return null;
    const message = field(error, 'message');
    const code = field(field(error, 'details'), 'error_code');
    return {
      type,
      message: typeof message === 'string' ? message : '',
      code: typeof code === 'string' ? code : null,
    };
  } catch {
    return null;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
