import type { HeaderStyle, ModelMap } from '../../../shared/account.ts';
import type { Identity } from '../../../shared/sign-in.ts';
import type { Actor, LoginTokens, Vault } from '../ports.ts';
import { sameName, sameNames } from './account-book.ts';
import type { AccountEditor, Act, EditorDeps } from './account-editor.ts';
import { givenLoginFields, HEALTHY, keyFields } from './account-secrets.ts';
import { NOBODY } from './identity.ts';
import { type NewAccount, withoutSlash } from './new-row.ts';

/**
 * What people and files can do with accounts. Input was parsed at the border. Each change is stored and put on
 * record in one transaction; one that changes nothing is neither.
 */
export function createAccountService(editor: AccountEditor, deps: EditorDeps) {
  return {
    ...adding(editor, deps.vault),
    ...editing(editor, deps),
    ...endpoints(editor, deps),
    ...secrets(editor, deps),
  };
}

/** See {@link createAccountService}. */
export type AccountService = ReturnType<typeof createAccountService>;

function adding(editor: AccountEditor, vault: Vault) {
  return {
    /** Adds an API-key account. @throws AppError `name_taken`, `conflict` (too many), `vault_locked` */
    add({ apiKey, ...given }: NewAccount & { apiKey: string }, actor: Actor): { id: string } {
      const act = { actor, action: 'account.add', detail: 'api-key' };
      return editor.insert({ ...given, kind: 'api-key' }, act, (id) => keyFields(vault, id, apiKey));
    },

    /**
     * Adds an account that signs in. `consent`: its owner agreed to the notice about subscription logins.
     * @throws AppError `name_taken`, `duplicate_account`, `conflict` (too many), `vault_locked`
     */
    addOauth(
      given: NewAccount &
        LoginTokens & {
          tokenUrl?: string | undefined;
          paused?: boolean | undefined;
          identity?: Identity | undefined;
          consent: boolean;
        },
      actor: Actor,
    ): { id: string } {
      const { tokenUrl = null, paused = false, consent } = given;
      const act = { actor, action: 'account.add', detail: 'oauth', consent };
      return editor.insert({ ...given, kind: 'oauth' }, act, (id) => ({
        ...givenLoginFields(vault, id, given),
        tokenUrl,
        paused,
      }));
    },
  };
}

function editing(editor: AccountEditor, { book }: EditorDeps) {
  const setPaused = ({ id, paused }: { id: string; paused: boolean }, actor: Actor): void =>
    editor.set(id, 'paused', paused, { actor, action: paused ? 'account.pause' : 'account.resume' });

  return {
    /** @throws AppError `not_found`, `name_taken` */
    rename({ id, name }: { id: string; name: string }, actor: Actor): void {
      if (!sameName(book.existing(id).name, name)) editor.requireFree(name, id);
      editor.set(id, 'name', name, { actor, action: 'account.rename', detail: `now ${name}` });
    },

    /** @throws AppError `not_found` */
    setPaused,

    /** Pauses or resumes every account. */
    setAllPaused({ paused }: { paused: boolean }, actor: Actor): void {
      for (const { id } of book.all()) setPaused({ id, paused }, actor);
    },

    /** @throws AppError `not_found` */
    setPriority({ id, priority }: { id: string; priority: number }, actor: Actor): void {
      const act = { actor, action: 'account.set_priority', detail: String(priority) };
      editor.set(id, 'priority', priority, act);
    },

    /** @throws AppError `not_found` */
    setTokenUrl({ id, tokenUrl }: { id: string; tokenUrl: string }, actor: Actor): void {
      editor.set(id, 'tokenUrl', tokenUrl, { actor, action: 'account.set_token_url', detail: tokenUrl });
    },
  };
}

type Endpoint = { baseUrl: string; headerStyle: HeaderStyle; modelMap: ModelMap };

/** Where an account's requests go, how they carry its key, and what they call the models. */
function endpoints(editor: AccountEditor, { book }: EditorDeps) {
  function change(id: string, wanted: Endpoint, act: Act): void {
    const row = book.existing(id);
    const moved = wanted.baseUrl !== row.baseUrl || wanted.headerStyle !== row.headerStyle;
    if (!moved && sameNames(wanted.modelMap, row.modelMap)) return;
    // A key that was refused at another place, or in another header, has not been refused here.
    const healed = moved && row.credentialState === 'refused' ? HEALTHY : {};
    const write = (): void => book.change(id, { ...wanted, ...healed });
    editor.audited(row.name, act, write, () => {
      if (moved) editor.replaced(id);
    });
  }

  return {
    /** Sets all three; the header style says nothing to an account that signs in. @throws AppError `not_found` */
    setEndpoint({ id, baseUrl, headerStyle, modelMap }: { id: string } & Endpoint, actor: Actor): void {
      const address = withoutSlash(baseUrl);
      const detail = `${address}, ${headerStyle}, model names replaced: ${Object.keys(modelMap).length}`;
      const act = { actor, action: 'account.set_endpoint', detail };
      change(id, { baseUrl: address, headerStyle, modelMap }, act);
    },
  };
}

function secrets(editor: AccountEditor, { book, vault }: EditorDeps) {
  return {
    /** @throws AppError `not_found`, `conflict` for an account that signs in, `vault_locked` */
    replaceKey({ id, apiKey }: { id: string; apiKey: string }, actor: Actor): void {
      const act = { actor, action: 'account.replace_key' };
      editor.replaceSecret(id, 'api-key', act, () => keyFields(vault, id, apiKey));
    },

    /**
     * Whose the new login is, nobody has said yet.
     * @throws AppError `not_found`, `conflict` for an account with a key, `vault_locked`
     */
    replaceTokens({ id, ...tokens }: { id: string } & LoginTokens, actor: Actor): void {
      const act = { actor, action: 'account.replace_tokens' };
      editor.replaceSecret(id, 'oauth', act, () => ({ ...NOBODY, ...givenLoginFields(vault, id, tokens) }));
    },

    /** Overwrites the secrets and forgets the account. @throws AppError `not_found` */
    remove({ id }: { id: string }, actor: Actor): void {
      const row = book.existing(id);
      editor.remove(row, { actor, action: 'account.remove', detail: row.kind });
    },
  };
}
