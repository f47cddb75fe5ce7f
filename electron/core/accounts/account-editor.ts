import type { AccountKind } from '../../../shared/account.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { Actor, Audit, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook, AccountChange } from './account-book.ts';
import type { Credentials } from './credentials.ts';
import { type NewAccount, newRow } from './new-row.ts';

/** Accounts that can exist at once. */
const MAX_ACCOUNTS = 200;

/** What changing accounts needs. */
export type EditorDeps = {
  book: AccountBook;
  credentials: Credentials;
  vault: Vault;
  clock: Clock;
  audit: Audit;
  onChange(): void;
  /** The account's secret is another one, or the account is gone. */
  onCredentialReplaced(id: string): void;
};

/** Who does what, for the record. */
type Act = { readonly actor: Actor; readonly action: string; readonly detail?: string };

/** The steps that every change of an account is made of: check, write, put on record, tell. */
export class AccountEditor {
  readonly #deps: EditorDeps;

  constructor(deps: EditorDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `name_taken` when an account other than `except` has the name */
  requireFree(name: string, except?: string): void {
    const other = this.#deps.book.named(name);
    if (other === undefined || other.id === except) return;
    throw new AppError(
      'name_taken',
      `There is an account named "${other.name}" already. Choose another name.`,
    );
  }

  /** A refused change is on record too. */
  audited<T>(subject: string, { actor, action, detail }: Act, work: () => T): T {
    const entry = { actor, action, subject };
    const { audit, onChange } = this.#deps;
    let result: T;
    try {
      result = work();
    } catch (error) {
      const refused = error instanceof AppError;
      const outcome = refused ? 'refused' : 'failed';
      audit.write({ ...entry, outcome, detail: refused ? error.code : null });
      throw error;
    }
    audit.write({ ...entry, outcome: 'ok', detail: detail ?? null });
    onChange();
    return result;
  }

  insert(
    given: NewAccount & { kind: AccountKind },
    act: Act,
    secrets: (id: string) => AccountChange,
  ): { id: string } {
    const { book, clock, credentials } = this.#deps;
    return this.audited(given.name, act, () => {
      this.requireFree(given.name);
      if (book.all().length >= MAX_ACCOUNTS) {
        throw new AppError('conflict', `There are ${MAX_ACCOUNTS} accounts already. Remove one first.`);
      }
      const id = randomId();
      const row = newRow({ ...given, id, createdAt: clock.now() }, book.all());
      book.insert({ ...row, ...secrets(id) });
      credentials.take(book.existing(id));
      return { id };
    });
  }

  /** Writes a plain field; one that is so already is neither written nor put on record. */
  set<F extends 'name' | 'paused' | 'priority' | 'baseUrl' | 'tokenUrl'>(
    id: string,
    field: F,
    value: AccountRow[F],
    act: Act,
  ): void {
    const { book } = this.#deps;
    const { name, [field]: before } = book.existing(id);
    if (before !== value) this.audited(name, act, () => book.change(id, { [field]: value }));
  }

  /** Writes another secret; what was known of the old one is forgotten. */
  replaceSecret(id: string, kind: AccountKind, act: Act, change: () => AccountChange): void {
    const { book, credentials, onCredentialReplaced } = this.#deps;
    const row = book.existing(id);
    this.audited(row.name, act, () => {
      requireKind(row, kind);
      book.change(id, change());
      onCredentialReplaced(id);
      credentials.take(book.existing(id));
    });
  }
}

function requireKind(row: AccountRow, kind: AccountKind): void {
  if (row.kind === kind) return;
  const words =
    row.kind === 'oauth'
      ? `"${row.name}" signs in and has no API key. Add the key as another account.`
      : `"${row.name}" has an API key and does not sign in. Add the login as another account.`;
  throw new AppError('conflict', words);
}
