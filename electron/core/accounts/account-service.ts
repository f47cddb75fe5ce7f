import type { Actor, Vault } from '../ports.ts';
import { sameName } from './account-book.ts';
import { AccountEditor, type EditorDeps } from './account-editor.ts';
import { keyFields, type LoginTokens, loginFields } from './account-secrets.ts';
import { type NewAccount, withoutSlash } from './new-row.ts';

/**
 * What people and files can do with accounts. Input was parsed at the border. Each change is stored, then put on
 * record; one that changes nothing is neither.
 */
export function createAccountService(deps: EditorDeps) {
  const editor = new AccountEditor(deps);
  return { ...adding(editor, deps.vault), ...editing(editor, deps), ...secrets(editor, deps) };
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

    /** Adds an account that signs in. @throws AppError `name_taken`, `conflict` (too many), `vault_locked` */
    addOauth(
      given: NewAccount & LoginTokens & { tokenUrl?: string | undefined; paused?: boolean | undefined },
      actor: Actor,
    ): { id: string } {
      const { tokenUrl = null, paused = false } = given;
      const act = { actor, action: 'account.add', detail: 'oauth' };
      return editor.insert({ ...given, kind: 'oauth' }, act, (id) => ({
        ...loginFields(vault, id, given),
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
    setBaseUrl({ id, baseUrl }: { id: string; baseUrl: string }, actor: Actor): void {
      const address = withoutSlash(baseUrl);
      editor.set(id, 'baseUrl', address, { actor, action: 'account.set_base_url', detail: address });
    },

    /** @throws AppError `not_found` */
    setTokenUrl({ id, tokenUrl }: { id: string; tokenUrl: string }, actor: Actor): void {
      editor.set(id, 'tokenUrl', tokenUrl, { actor, action: 'account.set_token_url', detail: tokenUrl });
    },
  };
}

function secrets(editor: AccountEditor, { book, vault, credentials, onCredentialReplaced }: EditorDeps) {
  return {
    /** @throws AppError `not_found`, `conflict` for an account that signs in, `vault_locked` */
    replaceKey({ id, apiKey }: { id: string; apiKey: string }, actor: Actor): void {
      const act = { actor, action: 'account.replace_key' };
      editor.replaceSecret(id, 'api-key', act, () => keyFields(vault, id, apiKey));
    },

    /** @throws AppError `not_found`, `conflict` for an account with a key, `vault_locked` */
    replaceTokens({ id, ...tokens }: { id: string } & LoginTokens, actor: Actor): void {
      const act = { actor, action: 'account.replace_tokens' };
      editor.replaceSecret(id, 'oauth', act, () => loginFields(vault, id, tokens));
    },

    /** Overwrites the secrets and forgets the account. @throws AppError `not_found` */
    remove({ id }: { id: string }, actor: Actor): void {
      const { name, kind } = book.existing(id);
      editor.audited(name, { actor, action: 'account.remove', detail: kind }, () => {
        book.remove(id);
        onCredentialReplaced(id);
        credentials.drop(id);
      });
    },
  };
}
