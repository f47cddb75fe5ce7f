import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { VaultState } from '../../../shared/app-state.ts';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { Logger } from '../ports.ts';
import type { VaultFileEntry } from '../thread-contract.ts';
import { unwrapWithPassphrase, wrapWithPassphrase } from './passphrase.ts';
import { DATA_KEY_BYTES, type OpenableVault } from './vault.ts';
import { createVaultFile, readVaultFile, type VaultFile } from './vault-file.ts';
import { vaultWords } from './vault-words.ts';

/** What the OS keychain answers. `absent`: there is none, as opposed to a refusal. */
export type KeychainAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly backend: string }
  | { readonly ok: false; readonly reason: string; readonly absent: boolean };

/** The OS keychain, wherever it lives. */
export type KeychainPort = {
  wrap(key: Uint8Array): Promise<KeychainAnswer>;
  unwrap(wrapped: Uint8Array, backend: string): Promise<KeychainAnswer>;
};

/** What opening the vault needs. */
export type VaultOpenerDeps = {
  readonly dataDir: string;
  readonly vault: OpenableVault;
  readonly keychain: KeychainPort;
  /** `CCFLARE_PASSPHRASE`: makes and opens a vault where no keychain is to be used. */
  readonly passphrase: string | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: (state: VaultState) => void;
};

type NewKey = { keyId: string; key: Uint8Array };

/**
 * Fetches the data keys, or says why they cannot be had and what to do. Keys on the disk are never replaced or
 * deleted: a keychain that refuses leaves the vault locked, and only where there is no `vault.json` yet is a new
 * key made.
 */
export class VaultOpener {
  readonly #deps: VaultOpenerDeps;
  readonly #file: string;
  #stored: VaultFile | null = null;
  #state: VaultState = vaultWords.opening();
  /** Derivations take memory: one at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: VaultOpenerDeps) {
    this.#deps = deps;
    this.#file = join(deps.dataDir, 'vault.json');
  }

  /** For the window. */
  state(): VaultState {
    return this.#state;
  }

  /** Opens the vault as far as that goes without the user. Never throws; the state tells. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#deps.vault.ready()) return;
      try {
        this.#stored = readVaultFile(this.#file);
        if (this.#stored === null) await this.#begin();
        else await this.#reopen(this.#stored);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /**
   * Opens a passphrase vault.
   * @throws AppError `wrong_passphrase`, or `conflict` when no passphrase is being waited for.
   */
  unlock(passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      const stored = this.#stored;
      if (stored === null || this.#state.phase !== 'locked' || this.#state.mode !== 'passphrase') {
        throw new AppError('conflict', 'The stored secrets are not waiting for a passphrase.');
      }
      await this.#openWithPassphrase(stored, passphrase);
    });
  }

  /**
   * Decides how secrets are kept where there is no keychain.
   * @throws AppError `conflict` when there is nothing to choose, `data_dir_unusable` when the disk refuses.
   */
  choose(choice: CallInput<'vault.choose'>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.phase !== 'choice-needed') {
        throw new AppError('conflict', 'There is nothing to choose: how secrets are kept is settled.');
      }
      if (choice.mode === 'passphrase') await this.#createWithPassphrase(choice.passphrase);
      else this.#ready(newKey(), vaultWords.readyMemory());
    });
  }

  async #begin(): Promise<void> {
    const { passphrase, keychain } = this.#deps;
    if (passphrase !== null && passphrase !== '') {
      await this.#createWithPassphrase(passphrase);
      return;
    }
    const made = newKey();
    const wrapped = await keychain.wrap(made.key);
    if (!wrapped.ok) {
      this.#set(vaultWords.choiceNeeded(wrapped));
      return;
    }
    // What cannot be read back must not become the only copy.
    const again = await keychain.unwrap(wrapped.bytes, wrapped.backend);
    if (!again.ok || !Buffer.from(made.key).equals(again.bytes)) {
      const reason = again.ok ? 'The system keychain did not return what it was given.' : again.reason;
      this.#set(vaultWords.choiceNeeded({ reason, absent: false }));
      return;
    }
    this.#store(made, { mode: 'keychain', backend: wrapped.backend, wrapped: base64(wrapped.bytes) });
    this.#ready(made, vaultWords.readyKeychain(wrapped.backend));
  }

  async #reopen(stored: VaultFile): Promise<void> {
    if (currentOf(stored).mode === 'keychain') await this.#openWithKeychain(stored);
    else await this.#openWithGivenPassphrase(stored);
  }

  async #openWithKeychain(stored: VaultFile): Promise<void> {
    const { wrapped, backend, keyId } = currentOf(stored);
    const answer = await this.#deps.keychain.unwrap(Buffer.from(wrapped, 'base64'), backend ?? '');
    if (!answer.ok) {
      this.#set(vaultWords.lockedKeychain(backend, answer));
    } else if (answer.bytes.length !== DATA_KEY_BYTES || answer.backend !== backend) {
      this.#set(vaultWords.changedKeychain(backend, answer.backend));
    } else {
      this.#ready({ keyId, key: answer.bytes }, vaultWords.readyKeychain(answer.backend));
    }
  }

  async #openWithGivenPassphrase(stored: VaultFile): Promise<void> {
    const { passphrase } = this.#deps;
    if (passphrase === null || passphrase === '') {
      this.#set(vaultWords.lockedPassphrase(null));
      return;
    }
    try {
      await this.#openWithPassphrase(stored, passphrase);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'wrong_passphrase') throw error;
      this.#deps.log.warn('vault_passphrase_refused', { source: 'environment' });
      this.#set(vaultWords.lockedPassphrase('CCFLARE_PASSPHRASE does not open them.'));
    }
  }

  async #openWithPassphrase(stored: VaultFile, passphrase: string): Promise<void> {
    const { wrapped, keyId, scrypt } = currentOf(stored);
    if (scrypt === null) throw new AppError('vault_unavailable', 'vault.json is damaged.');
    const key = await unwrapWithPassphrase(wrapped, passphrase, keyId, scrypt);
    this.#ready({ keyId, key }, vaultWords.readyPassphrase());
  }

  async #createWithPassphrase(passphrase: string): Promise<void> {
    const made = newKey();
    const { wrapped, scrypt } = await wrapWithPassphrase(made.key, passphrase, made.keyId);
    this.#store(made, { mode: 'passphrase', backend: null, wrapped, scrypt });
    this.#ready(made, vaultWords.readyPassphrase());
  }

  #store(
    made: NewKey,
    how: Pick<VaultFileEntry, 'mode' | 'backend' | 'wrapped'> & Partial<Pick<VaultFileEntry, 'scrypt'>>,
  ): void {
    const entry = { keyId: made.keyId, createdAt: this.#deps.clock.now(), scrypt: null, ...how };
    createVaultFile(this.#file, entry);
  }

  #ready({ keyId, key }: NewKey, state: VaultState): void {
    this.#deps.vault.load({ currentId: keyId, byId: new Map([[keyId, key]]) });
    this.#set(state);
  }

  #fail(error: unknown): void {
    const words =
      error instanceof AppError ? error.message : 'The stored secrets could not be opened. See the log file.';
    this.#deps.log.error('vault_failed', { code: error instanceof AppError ? error.code : 'internal' });
    this.#set(vaultWords.failed(words));
  }

  #set(state: VaultState): void {
    this.#state = state;
    this.#deps.log.info('vault_state', { phase: state.phase, mode: state.mode, backend: state.backend });
    this.#deps.onChange(state);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work);
    this.#queue = run.catch(() => undefined);
    return run;
  }
}

/** See {@link VaultOpener}. */
export function createVaultOpener(deps: VaultOpenerDeps): VaultOpener {
  return new VaultOpener(deps);
}

function newKey(): NewKey {
  return { keyId: randomId(), key: randomBytes(DATA_KEY_BYTES) };
}

function currentOf(stored: VaultFile): VaultFileEntry {
  const entry = stored.keys.find((candidate) => candidate.keyId === stored.current);
  if (entry === undefined) throw new AppError('vault_unavailable', 'vault.json is damaged.');
  return entry;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
