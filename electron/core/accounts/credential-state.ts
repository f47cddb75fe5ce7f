import type { Audit, CredentialProblem, EventLog } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook } from './account-book.ts';
import { HEALTHY } from './account-secrets.ts';
import type { Credentials } from './credentials.ts';

/** Longest words of the provider that are kept. */
const MAX_WORDS = 200;

/** What marking needs. */
export type MarkingDeps = {
  book: AccountBook;
  credentials: Credentials;
  audit: Audit;
  events: EventLog;
  onChange(): void;
};

/**
 * Notes that an account's credential is of no use until the user acts: stored, shown, audited once. Answers the
 * problem as `problem(id)` gives it from now on.
 */
export function markUnusable(deps: MarkingDeps, row: AccountRow, words: string): CredentialProblem {
  const credentialState = row.kind === 'api-key' ? 'refused' : 'sign-in-needed';
  const before = deps.book.row(row.id);
  deps.book.change(row.id, { credentialState, credentialWords: plainWords(words) });
  const { problem } = deps.credentials.take(deps.book.existing(row.id));
  const result = problem ?? { definitive: true, reason: 'The provider refused its credential.' };
  if (before?.credentialState === credentialState) return result;
  deps.events.add({
    level: 'bad',
    code: row.kind === 'api-key' ? 'account_key_refused' : 'account_sign_in_needed',
    message: `${row.name}: ${result.reason}`,
    accountId: row.id,
  });
  deps.audit.write({
    actor: 'proxy',
    action: row.kind === 'api-key' ? 'account.key_refused' : 'account.sign_in_needed',
    subject: row.name,
    outcome: 'ok',
    detail: plainWords(words),
  });
  deps.onChange();
  return result;
}

/** Takes the mark away from a credential that was refused and has worked since, or for another `reason`. */
export function markUsable(deps: MarkingDeps, row: AccountRow, reason?: string): void {
  if (row.credentialState === 'ok') return;
  const key = row.kind === 'api-key';
  const what = key ? 'key' : 'login';
  deps.book.change(row.id, HEALTHY);
  deps.credentials.take(deps.book.existing(row.id));
  deps.events.add({
    level: 'good',
    code: `account_${what}_works_again`,
    message: `${row.name}: ${reason ?? `the provider accepts its ${what} again.`}`,
    accountId: row.id,
  });
  const action = `account.${what}_works_again`;
  deps.audit.write({ actor: 'proxy', action, subject: row.name, outcome: 'ok', detail: null });
  deps.onChange();
}

/** One bounded sentence without anything that looks like a key or token. */
function plainWords(words: string): string {
  const clean = words
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(/sk-[A-Za-z0-9_-]+/g, '[hidden]')
    .replaceAll(/[A-Za-z0-9_-]{32,}/g, '[hidden]')
    .trim();
  return clean.length > MAX_WORDS ? `${clean.slice(0, MAX_WORDS)}...` : clean;
}
