import { randomBytes } from 'node:crypto';
import type { ClientKeyView } from '../../../shared/client-key.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { Actor, Audit, ClientKeyring, Vault } from '../ports.ts';
import type { ClientKeyRow, ClientKeyStore } from '../store-ports.ts';
import { createKeyring, hashOf } from './client-keyring.ts';

/** Name of the key that is made at the first start. */
const FIRST_NAME = 'default';

/** Keys that may be in use at once. */
const MAX_ACTIVE = 200;

/** Column that a sealed key is bound to. */
const COLUMN = 'sealedKey';

/** What the room of client keys needs. */
export type ClientKeysDeps = {
  readonly store: ClientKeyStore;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly onChange: () => void;
};

/** What became of a provisioned thing. */
export type ProvisionOutcome = 'added' | 'changed' | 'unchanged' | 'kept-revoked';

/**
 * The local keys: hashed for checking, sealed for copying, named, revocable. Memory is written through; a key that
 * was revoked keeps its row, without its sealed copy.
 */
export class ClientKeys {
  readonly keyring: ClientKeyring;
  readonly #deps: ClientKeysDeps;
  readonly #rows = new Map<string, ClientKeyRow>();
  readonly #ring: ReturnType<typeof createKeyring>;
  #fallBack = false;

  constructor(deps: ClientKeysDeps) {
    this.#deps = deps;
    this.#ring = createKeyring(deps.store, deps.clock, deps.onChange);
    this.keyring = this.#ring.keyring;
    for (const row of deps.store.list()) this.#rows.set(row.id, row);
    this.#load();
  }

  /** Whether requests of some key in use may fall back to the account that is set aside, whatever the setting says. */
  get fallBack(): boolean {
    return this.#fallBack;
  }

  /** Oldest first, revoked ones included. */
  views(): ClientKeyView[] {
    return [...this.#rows.values()].map((row) => this.#viewOf(row));
  }

  /** Makes the first key when there has never been one. Needs an open vault, else nobody could ever read it. */
  ensureFirst(): void {
    if (this.#rows.size === 0 && this.#deps.vault.ready()) this.create(FIRST_NAME, 'app');
  }

  /** @throws AppError `name_taken`, `conflict` with too many keys, `vault_locked` */
  create(name: string, actor: Actor): ClientKeyView {
    this.#requireVault();
    return this.#viewOf(this.#insert(name, newKey(), actor));
  }

  /**
   * The secret of the key for a set-up that the app writes itself, whatever the user has called it since. It is made,
   * as `name`, when there is none, and made anew when it cannot be read.
   * @throws AppError `vault_locked`, `conflict` with too many keys
   */
  secretFor(purpose: NonNullable<ClientKeyRow['purpose']>, name: string): string {
    const known = this.#serving(purpose, name);
    if (known !== undefined && this.#readable(known)) return this.reveal(known.id);
    this.#requireVault();
    if (known === undefined) return this.reveal(this.#insert(name, newKey(), 'app', purpose).id);
    this.#change(known, this.#secretOf(known.id, newKey()));
    this.#audit('app', 'client_key.replace', known.name, null);
    return this.reveal(known.id);
  }

  /** What requests with this key get when no account can serve; null = as the setting says. @throws AppError `not_found` */
  setExhaustion(id: string, exhaustion: ClientKeyRow['exhaustion'], actor: Actor): void {
    const row = this.#active(id);
    if (row.exhaustion === exhaustion) return;
    this.#change(row, { exhaustion });
    this.#audit(actor, 'client_key.set_exhaustion', row.name, exhaustion ?? 'as the setting says');
  }

  /** @throws AppError `not_found`, `name_taken` */
  rename(id: string, name: string, actor: Actor): void {
    const row = this.#active(id);
    if (row.name === name) return;
    this.#requireFree(name, id);
    this.#change(row, { name });
    this.#audit(actor, 'client_key.rename', name, `was ${row.name}`);
  }

  /** From now on the key opens nothing. @throws AppError `not_found` */
  revoke(id: string, actor: Actor): void {
    const row = this.#active(id);
    this.#change(row, { revokedAt: this.#deps.clock.now(), sealedKey: null });
    this.#audit(actor, 'client_key.revoke', row.name, null);
  }

  /**
   * The key itself, for the clipboard.
   * @throws AppError `not_found`, `conflict` for a key without a copy, `vault_locked`, `secret_unreadable`
   */
  reveal(id: string): string {
    const { sealedKey } = this.#active(id);
    if (sealedKey === null) {
      throw new AppError('conflict', 'This key was not kept for copying. Make a new one.');
    }
    return this.#deps.vault.open(sealedKey, id, COLUMN);
  }

  /**
   * Makes sure that `key` opens the proxy under `name`. The key of the same name is replaced. A key that the user
   * has revoked stays revoked. With a locked vault the key works all the same and can be copied later, once it is
   * provisioned with an open one.
   * @throws AppError `conflict` when another name has this key
   */
  provision(name: string, key: string): ProvisionOutcome {
    const hash = hashOf(key);
    const same = [...this.#rows.values()].filter((row) => hash.equals(row.hash));
    if (same.some((row) => row.revokedAt !== null)) return 'kept-revoked';
    const named = this.#named(name);
    const owner = same[0];
    if (owner !== undefined && owner !== named) {
      throw new AppError('conflict', `The key for "${name}" is already in use under another name.`);
    }
    if (named === undefined) {
      this.#insert(name, key, 'provision');
      return 'added';
    }
    if (owner !== undefined && (!this.#deps.vault.ready() || this.#readable(named))) return 'unchanged';
    this.#change(named, this.#secretOf(named.id, key));
    if (owner !== undefined) return 'unchanged';
    this.#audit('provision', 'client_key.replace', named.name, null);
    return 'changed';
  }

  /** Writes the last uses that are still waiting. */
  flush(): void {
    this.#ring.flush();
  }

  #insert(name: string, key: string, actor: Actor, purpose: ClientKeyRow['purpose'] = null): ClientKeyRow {
    this.#requireFree(name, null);
    const active = [...this.#rows.values()].filter((row) => row.revokedAt === null).length;
    if (active >= MAX_ACTIVE) {
      throw new AppError('conflict', `There are ${MAX_ACTIVE} client keys. Revoke one first.`);
    }
    const id = randomId();
    const createdAt = this.#deps.clock.now();
    const row = {
      id,
      name,
      createdAt,
      lastUsedAt: null,
      revokedAt: null,
      exhaustion: null,
      purpose,
      ...this.#secretOf(id, key),
    };
    this.#deps.store.insert(row);
    this.#keep(row);
    this.#audit(actor, 'client_key.create', name, null);
    return row;
  }

  #requireVault(): void {
    if (this.#deps.vault.ready()) return;
    throw new AppError(
      'vault_locked',
      'Unlock the stored secrets first: a key made now could never be read.',
    );
  }

  #secretOf(id: string, key: string): Pick<ClientKeyRow, 'hash' | 'hint' | 'sealedKey'> {
    const { vault } = this.#deps;
    const sealedKey = vault.ready() ? vault.seal(key, id, COLUMN) : null;
    return { hash: hashOf(key), hint: key.slice(-4), sealedKey };
  }

  #readable(row: ClientKeyRow): boolean {
    try {
      return row.sealedKey !== null && this.#deps.vault.open(row.sealedKey, row.id, COLUMN) !== '';
    } catch {
      return false;
    }
  }

  #change(row: ClientKeyRow, change: Partial<Omit<ClientKeyRow, 'id'>>): void {
    this.#deps.store.update(row.id, change);
    this.#keep({ ...row, ...change });
  }

  #keep(row: ClientKeyRow): void {
    this.#rows.set(row.id, row);
    this.#load();
    this.#deps.onChange();
  }

  #load(): void {
    this.#ring.load(this.#rows.values());
    this.#fallBack = [...this.#rows.values()].some(
      ({ exhaustion, revokedAt }) => exhaustion === 'fallback' && revokedAt === null,
    );
  }

  #active(id: string): ClientKeyRow {
    const row = this.#rows.get(id);
    if (row !== undefined && row.revokedAt === null) return row;
    throw new AppError('not_found', 'There is no such client key any more.');
  }

  /** The key with a purpose; one of the name, which a file may have given, takes it on. */
  #serving(purpose: NonNullable<ClientKeyRow['purpose']>, name: string): ClientKeyRow | undefined {
    const rows = [...this.#rows.values()].filter((row) => row.revokedAt === null);
    const known = rows.find((row) => row.purpose === purpose);
    const named = known === undefined ? this.#named(name) : undefined;
    if (named === undefined) return known;
    this.#change(named, { purpose });
    return this.#active(named.id);
  }

  #named(name: string): ClientKeyRow | undefined {
    const wanted = foldCase(name);
    return [...this.#rows.values()].find((row) => row.revokedAt === null && foldCase(row.name) === wanted);
  }

  #requireFree(name: string, except: string | null): void {
    const other = this.#named(name);
    if (other === undefined || other.id === except) return;
    throw new AppError('name_taken', `There is a client key named "${other.name}" already.`);
  }

  #viewOf(row: ClientKeyRow): ClientKeyView {
    const { id, name, hint, createdAt, revokedAt, exhaustion } = row;
    const lastUsedAt = this.#ring.lastUsedAt(id) ?? row.lastUsedAt;
    const copyable = revokedAt === null && this.#readable(row);
    return { id, name, hint, copyable, createdAt, lastUsedAt, revokedAt, exhaustion };
  }

  #audit(actor: Actor, action: string, subject: string, detail: string | null): void {
    this.#deps.audit.write({ actor, action, subject, outcome: 'ok', detail });
  }
}

/** See {@link ClientKeys}. Reads what the store has; `ensureFirst` follows once the vault is open. */
export function createClientKeys(deps: ClientKeysDeps): ClientKeys {
  return new ClientKeys(deps);
}

function newKey(): string {
  return `cck_${randomBytes(24).toString('base64url')}`;
}

function foldCase(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
