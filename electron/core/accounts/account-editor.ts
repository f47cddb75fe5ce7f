import type { AccountKind } from '../../../shared/account.ts';
import type { Identity } from '../../../shared/sign-in.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { Actor, Audit, SettingsSource, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook, AccountChange } from './account-book.ts';
import type { Credentials } from './credentials.ts';
import { identityFields, requireNew } from './identity.ts';
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
  settings: SettingsSource;
  transaction<T>(work: () => T): T;
  onChange(): void;
  /** The account's secret is another one, or the account is gone: what was known of the old one is of no use. */
  forgetCredential(id: string): void;
  /** The account's secret, or the place it is sent to, is another one. */
  onCredentialReplaced(id: string): void;
};

/** Who does what, for the record; `consent`: the owner agreed to the notice about logins, for the first time. */
export type Act = {
  readonly actor: Actor;
  readonly action: string;
  readonly detail?: string;
  readonly consent?: boolean;
};

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

  /** Runs `work`; what it throws is put on record first. */
  guarded<T>(subject: string, { actor, action }: Act, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const outcome = error instanceof AppError ? 'refused' : 'failed';
      const detail = error instanceof AppError ? error.code : null;
      this.#deps.audit.write({ actor, action, subject, outcome, detail });
      throw error;
    }
  }

  /** Writes and puts on record, both or neither; then `settle`s what is in memory. A refusal is on record too. */
  audited<T>(subject: string, act: Act, work: () => T, settle?: (result: T) => void): T {
    const { transaction, onChange } = this.#deps;
    const result = this.guarded(subject, act, () => {
      try {
        return transaction(() => {
          const done = work();
          this.#note(subject, act);
          return done;
        });
      } catch (error) {
        this.#reread();
        throw error;
      }
    });
    settle?.(result);
    onChange();
    return result;
  }

  /** Removes the account, outside of a transaction: only then is the write-ahead log cleared of its secrets at once. */
  remove({ id, name }: AccountRow, act: Act): void {
    const { book, credentials, forgetCredential, onChange } = this.#deps;
    this.guarded(name, act, () => book.remove(id));
    forgetCredential(id);
    credentials.drop(id);
    onChange();
    this.#note(name, act);
  }

  /**
   * Makes an account. `secrets` answers its sealed fields.
   * @throws AppError `name_taken`, `duplicate_account`, `conflict` (too many) and what `secrets` throws
   */
  insert(
    given: NewAccount & { kind: AccountKind; identity?: Identity | undefined },
    act: Act,
    secrets: (id: string) => AccountChange,
  ): { id: string } {
    const { book, clock, credentials } = this.#deps;
    const id = randomId();
    const write = (): void => {
      this.requireFree(given.name);
      if (given.identity !== undefined) requireNew(book, given.kind, given.identity);
      if (book.all().length >= MAX_ACCOUNTS) {
        throw new AppError('conflict', `There are ${MAX_ACCOUNTS} accounts already. Remove one first.`);
      }
      const row = newRow({ ...given, id, createdAt: momentOfItsOwn(book.rows(), clock.now()) });
      const whose = given.identity === undefined ? {} : identityFields(given.identity);
      book.insert({ ...row, ...whose, ...this.#consented(act), ...secrets(id) });
    };
    this.audited(given.name, act, write, () => credentials.take(book.existing(id)));
    return { id };
  }

  /** Writes a plain field; one that is so already is neither written nor put on record. */
  set<F extends 'name' | 'paused' | 'priority' | 'tokenUrl'>(
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
    const { book } = this.#deps;
    const row = book.existing(id);
    const write = (): void => {
      requireKind(row, kind);
      book.change(id, { ...change(), ...this.#consented(act) });
    };
    this.audited(row.name, act, write, () => this.replaced(id));
  }

  /** Takes the account's credential as something new. */
  replaced(id: string): void {
    const { book, credentials, forgetCredential, onCredentialReplaced } = this.#deps;
    forgetCredential(id);
    credentials.take(book.existing(id));
    onCredentialReplaced(id);
  }

  #consented({ consent }: Act): AccountChange {
    return consent === true ? { consentAt: this.#deps.clock.now() } : {};
  }

  #note(subject: string, { actor, action, detail, consent }: Act): void {
    const { audit } = this.#deps;
    audit.write({ actor, action, subject, outcome: 'ok', detail: detail ?? null });
    if (consent !== true) return;
    const words = 'agreed to the notice about subscription logins';
    audit.write({ actor, action: 'account.consent', subject, outcome: 'ok', detail: words });
  }

  /** What was undone on disk must not stay in memory. A store that cannot be read says so in the error at hand. */
  #reread(): void {
    try {
      this.#deps.book.load();
    } catch {
      return;
    }
  }
}

/** Accounts of one priority are in the order in which they were added, also those of one import. UTC ms. */
function momentOfItsOwn(rows: Iterable<AccountRow>, now: number): number {
  const taken = new Set([...rows].map(({ createdAt }) => createdAt));
  let moment = now;
  while (taken.has(moment)) moment += 1;
  return moment;
}

function requireKind(row: AccountRow, kind: AccountKind): void {
  if (row.kind === kind) return;
  const words =
    row.kind === 'oauth'
      ? `"${row.name}" signs in and has no API key. Add the key as another account.`
      : `"${row.name}" has an API key and does not sign in. Add the login as another account.`;
  throw new AppError('conflict', words);
}
