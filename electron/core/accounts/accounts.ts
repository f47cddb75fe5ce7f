import type { Clock } from '../clock.ts';
import type { TokenClient } from '../oauth/token-client.ts';
import type { Audit, EventLog, Logger, Vault } from '../ports.ts';
import type { AccountStore } from '../store-ports.ts';
import { createAccountBook } from './account-book.ts';
import { createAccountPool } from './account-pool.ts';
import { createAccountService } from './account-service.ts';
import { accountDetail } from './account-views.ts';
import { createCredentialSource } from './credential-source.ts';
import { createCredentials } from './credentials.ts';
import { type ProvisionedAccount, provisionAccount } from './provisioned-account.ts';
import { TokenRefresh } from './token-refresh.ts';
import { createUseNotes } from './use-notes.ts';

/** What the room of accounts needs. */
export type AccountsDeps = {
  store: AccountStore;
  vault: Vault;
  clock: Clock;
  log: Logger;
  tokens: TokenClient;
  audit: Audit;
  events: EventLog;
  /** Something that views show has changed. */
  onChange(): void;
  /** 0 <= r < 1; Math.random unless given. */
  random?: () => number;
};

/** The accounts: a pool for the proxy, actions for people and files. Empty until `load`. */
export function createAccounts(given: AccountsDeps) {
  const { store, clock, onChange } = given;
  const book = createAccountBook(store);
  const credentials = createCredentials({ ...given, random: given.random ?? Math.random });
  const shared = { ...given, book, credentials };
  const refresh = new TokenRefresh(shared);
  const source = createCredentialSource({ ...shared, refresh });
  const notes = createUseNotes(shared);
  const service = createAccountService({
    ...shared,
    onCredentialReplaced(id) {
      refresh.forget(id);
      source.forget(id);
      if (book.row(id) === undefined) notes.forget(id);
    },
  });

  return {
    pool: createAccountPool({ book, source, notes, onChange }),
    ...service,

    /** Reads the rows and opens their secrets; to be called again once the vault is ready. */
    load(): void {
      notes.flush();
      book.load();
      for (const row of book.rows()) credentials.take(row);
      onChange();
    },

    /** See {@link provisionAccount}. */
    provision: (wanted: ProvisionedAccount): boolean =>
      provisionAccount({ book, vault: given.vault, service }, wanted),

    /** @throws AppError `not_found` */
    detail: (id: string) => accountDetail(book, notes, id),

    /** After sleep or a change of network: logins that ended meanwhile are renewed before a request waits for it. */
    revalidate(): void {
      refresh.endRests();
      for (const { id, kind, paused } of book.all()) {
        const held = credentials.held(id);
        if (kind !== 'oauth' || paused || held === undefined || held.problem !== null) continue;
        if (clock.now() >= held.renewAt) refresh.start(id);
      }
    },

    /** Writes what still waits: last uses, and tokens that the disk did not take. */
    flush(): void {
      notes.flush();
      refresh.saveAgain();
    },
  };
}
