import type { Clock } from '../clock.ts';
import type { AccountApi } from '../oauth/account-api.ts';
import type { TokenClient } from '../oauth/token-client.ts';
import type { Audit, EventLog, Logger, SettingsSource, Vault } from '../ports.ts';
import type { AccountStore } from '../store-ports.ts';
import { createAccountBook } from './account-book.ts';
import { AccountEditor } from './account-editor.ts';
import { createAccountPool } from './account-pool.ts';
import { createAccountService } from './account-service.ts';
import { accountDetail } from './account-views.ts';
import { createCredentialSource } from './credential-source.ts';
import { createCredentials } from './credentials.ts';
import { createLimitGroups } from './limit-groups.ts';
import { createOwnerLookup } from './owner-lookup.ts';
import { type ProvisionedAccount, provisionAccount } from './provisioned-account.ts';
import { createRenewalQueue } from './renewal-queue.ts';
import { createSetupTokens } from './setup-token.ts';
import { createSignInAccounts } from './sign-in-accounts.ts';
import { createTokenEnds } from './token-ends.ts';
import { TokenRefresh } from './token-refresh.ts';
import { createUseNotes } from './use-notes.ts';

/** What the room of accounts needs. */
export type AccountsDeps = {
  store: AccountStore;
  /** One transaction over all repositories of the store. */
  transaction<T>(work: () => T): T;
  settings: SettingsSource;
  vault: Vault;
  clock: Clock;
  log: Logger;
  tokens: TokenClient;
  /** Tells whose a login is that came without that knowledge. */
  api: Pick<AccountApi, 'profile'>;
  audit: Audit;
  events: EventLog;
  /** Something that views show has changed. */
  onChange(): void;
  /** The account has another secret or another endpoint: what was known of its limits may be about the old one. */
  onCredentialReplaced?(id: string): void;
  /** 0 <= r < 1; Math.random unless given. */
  random?: () => number;
};

/** The accounts: a pool for the proxy, actions for people, sign-ins and files. Empty until `load`. */
export function createAccounts(given: AccountsDeps) {
  const { store, settings, vault, random = Math.random } = given;
  const book = createAccountBook(store);
  const credentials = createCredentials({ ...given, random });
  const onChange = (): void => {
    groups.changed();
    owners.look();
    given.onChange();
  };
  const shared = { ...given, book, credentials, random, onChange };
  const refresh = new TokenRefresh(shared);
  const source = createCredentialSource({ ...shared, refresh });
  const notes = createUseNotes(shared);
  const groups = createLimitGroups(book, notes);
  const owners = createOwnerLookup(shared);
  const editing = {
    ...shared,
    forgetCredential(id: string): void {
      refresh.forget(id);
      source.forget(id);
      owners.forget(id);
      if (book.row(id) === undefined) notes.forget(id);
      else notes.forgetOwner(id);
    },
    onCredentialReplaced: (id: string): void => given.onCredentialReplaced?.(id),
  };
  const editor = new AccountEditor(editing);
  const service = createAccountService(editor, editing);
  settings.onChange((_, changed) => {
    if (changed.has('refreshLeadMs')) credentials.replan();
  });

  return {
    pool: createAccountPool({ book, source, notes, groups, onChange }),
    signIn: createSignInAccounts(editor, editing),
    ...service,
    ...createSetupTokens(editor, editing),
    ...upkeep({ ...shared, refresh, source, notes, owners }),

    /** See {@link provisionAccount}. */
    provision: (wanted: ProvisionedAccount): boolean => provisionAccount({ book, vault, service }, wanted),

    /** @throws AppError `not_found` */
    detail: (id: string) => accountDetail(book, notes, id),

    /**
     * The problem of an account as people should see it. Unlike the pool's it stays while a request may try a
     * refused credential again.
     */
    shownProblem: source.shownProblem,
  };
}

type UpkeepDeps = AccountsDeps & { random: () => number } & Parameters<typeof createTokenEnds>[0] & {
    refresh: TokenRefresh;
    source: ReturnType<typeof createCredentialSource>;
    notes: ReturnType<typeof createUseNotes>;
    owners: ReturnType<typeof createOwnerLookup>;
  };

/** What happens at a start, after sleep and at the end. */
function upkeep({ book, credentials, refresh, source, notes, owners, ...deps }: UpkeepDeps) {
  const ends = createTokenEnds({ ...deps, book, credentials });
  const ended = (id: string): boolean => {
    const [account, held] = [book.account(id), credentials.held(id)];
    if (account === undefined || account.paused || held === undefined || held.problem !== null) return false;
    return held.renewable && deps.clock.now() >= held.renewAt;
  };
  const renew = (id: string) => (ended(id) ? refresh.refresh(id) : Promise.resolve());
  const renewals = createRenewalQueue({ ...deps, renew });

  return {
    /** Reads the rows and opens their secrets; to be called again once the vault is ready. */
    load(): void {
      notes.flush();
      book.load();
      for (const row of book.rows()) credentials.take(row);
      source.resume();
      ends.look();
      deps.onChange();
    },

    /** After sleep or a change of network: logins that ended meanwhile are renewed before a request waits for it. */
    revalidate(): void {
      refresh.endRests();
      ends.look();
      renewals.add(
        book
          .all()
          .map(({ id }) => id)
          .filter(ended),
      );
    },

    /** On the way out: resolves once renewals that run have been stored; no new one begins. Never rejects. */
    close: (): Promise<void> => {
      owners.close();
      return refresh.close();
    },

    /** Whether a renewal runs. */
    renewing: (): boolean => refresh.running,

    /** Writes what still waits: last uses, and tokens that the disk did not take. */
    flush(): void {
      notes.flush();
      refresh.saveAgain();
    },
  };
}
