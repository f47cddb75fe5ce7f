import { redact } from '../../../shared/redact.ts';
import type { Clock } from '../clock.ts';
import type { Audit } from '../ports.ts';
import type { AuditStore } from '../store-ports.ts';

/** Longest subject or detail that is kept, characters. */
const MAX_TEXT = 300;

/**
 * Writes who did what, when, with which outcome. Texts are cut and redacted once more on the way.
 * @throws AppError of the store: a change that cannot be put on record does not pass silently.
 */
export function createAudit(store: AuditStore, clock: Clock): Audit {
  return {
    write: ({ actor, action, subject, outcome, detail }) =>
      store.append({ at: clock.now(), actor, action, subject: tidy(subject), outcome, detail: tidy(detail) }),
  };
}

function tidy(text: string | null): string | null {
  return text === null ? null : redact(text).slice(0, MAX_TEXT);
}
