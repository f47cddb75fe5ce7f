import { DEFAULT_BASE_URL } from '../../../shared/account.ts';
import type { Identity } from '../../../shared/sign-in.ts';
import type { Clock } from '../clock.ts';
import type { AccountApi, ProfileAnswer } from '../oauth/account-api.ts';
import type { Audit, EventLog, Logger, SettingsSource } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook } from './account-book.ts';
import type { Credentials } from './credentials.ts';
import { accountWith, identityFields } from './identity.ts';
import { withoutSlash } from './new-row.ts';

/** A profile that could not be read is asked for again this much later, ms. */
const AGAIN_MS = 3_600_000;

/**
 * Finds out whose the logins are that came without that knowledge, as from an import: only then can a second account
 * of the same person be told, and two that share limits be counted as one.
 */
export type OwnerLookup = {
  /** Asks about each login with a good token of which no person is known: one after the other, each once. */
  look(): void;
  /** The account has another login, or is gone: what was asked was about the old one. */
  forget(id: string): void;
  /** Asks nothing any more; what still comes is dropped. */
  close(): void;
};

/** What looking up needs. */
type Deps = {
  book: AccountBook;
  credentials: Credentials;
  api: Pick<AccountApi, 'profile'>;
  settings: SettingsSource;
  clock: Clock;
  log: Logger;
  audit: Audit;
  events: EventLog;
  onChange(): void;
};

/** See {@link OwnerLookup}. */
export function createOwnerLookup(deps: Deps): OwnerLookup {
  const { book, clock, log } = deps;
  /** Accounts that need not be asked about, each with a value of its own per question. */
  const asked = new Map<string, object>();
  let asking = false;
  let closed = false;

  function look(): void {
    if (asking || closed) return;
    for (const row of book.rows()) {
      const token = asked.has(row.id) ? null : tokenToAsk(deps, row);
      if (token === null) continue;
      asking = true;
      void ask(row, token).finally(() => {
        asking = false;
        look();
      });
      return;
    }
  }

  async function ask({ id, name }: AccountRow, token: string): Promise<void> {
    const question = {};
    asked.set(id, question);
    const isCurrent = (): boolean => !closed && asked.get(id) === question;
    const answer = await readProfile(deps, token);
    if (!isCurrent()) return;
    if (answer.kind === 'identity') learn(deps, id, answer.identity);
    if (answer.kind !== 'failed') return;
    log.info('owner_not_read', { account: name });
    clock.after(AGAIN_MS, () => {
      if (isCurrent()) asked.delete(id);
      look();
    });
  }

  return {
    look,
    forget: (id) => void asked.delete(id),
    close() {
      closed = true;
    },
  };
}

/** Null where there is nothing to ask: its owner is known, it is paused or of another provider, or its token has ended. */
function tokenToAsk({ credentials, settings, clock }: Deps, row: AccountRow): string | null {
  if (row.kind !== 'oauth' || row.providerAccountId !== null || row.paused) return null;
  const asks = [DEFAULT_BASE_URL, withoutSlash(settings.current().oauthApiUrl)];
  const held = credentials.held(row.id);
  if (held?.credential == null || held.problem !== null || !asks.includes(row.baseUrl)) return null;
  return clock.now() < held.expiresAt ? held.credential.value.replace(/^Bearer /, '') : null;
}

async function readProfile({ api, settings }: Deps, token: string): Promise<ProfileAnswer> {
  try {
    return await api.profile(settings.current().oauthApiUrl, token);
  } catch {
    return { kind: 'failed', reason: 'The profile could not be asked for.' };
  }
}

function learn(deps: Deps, id: string, identity: Identity): void {
  const { book, audit, events, log, onChange } = deps;
  const row = book.row(id);
  if (row === undefined || row.providerAccountId !== null) return;
  try {
    book.change(id, identityFields(identity));
    audit.write({
      actor: 'proxy',
      action: 'account.owner_read',
      subject: row.name,
      outcome: 'ok',
      detail: null,
    });
  } catch {
    log.error('owner_not_stored', { account: row.name });
    return;
  }
  const other = accountWith(book, 'oauth', identity, id);
  if (other !== null) {
    const message = `"${row.name}" is the same login as "${other.name}". They share one set of limits, so the second adds nothing: remove one of them.`;
    events.add({ level: 'warn', code: 'account_same_login', message, accountId: id });
  }
  onChange();
}
