import type { Identity } from '../../../shared/sign-in.ts';
import type { Actor, LoginTokens, SignInAccounts } from '../ports.ts';
import type { AccountBook, AccountChange } from './account-book.ts';
import type { AccountEditor, EditorDeps } from './account-editor.ts';
import { keyFields, loginFields } from './account-secrets.ts';
import { accountWith, identityFields, identityOf, requireNew, requireSame } from './identity.ts';

/** Longest name of an account, UTF-16 units, as its schema has it. */
const MAX_NAME = 60;

/** See {@link SignInAccounts}. */
export function createSignInAccounts(editor: AccountEditor, deps: EditorDeps): SignInAccounts {
  const { book } = deps;
  return {
    withIdentity(kind, identity) {
      const row = accountWith(book, kind, identity);
      return row === null ? null : { id: row.id, name: row.name };
    },
    freeName: (wanted) => freeName(book, wanted),
    existing(id) {
      const row = book.existing(id);
      return { name: row.name, kind: row.kind, identity: identityOf(row) };
    },
    ...adding(editor, deps),
    ...replacing(editor, deps),
  };
}

function adding(
  editor: AccountEditor,
  { vault }: EditorDeps,
): Pick<SignInAccounts, 'addLogin' | 'addCreatedKey'> {
  return {
    addLogin({ tokens, ...given }, actor) {
      const act = { actor, action: 'account.add', detail: 'oauth, signed in', consent: true };
      return editor.insert({ ...given, kind: 'oauth' }, act, (id) => loginFields(vault, id, tokens));
    },
    addCreatedKey({ apiKey, ...given }, actor) {
      const act = { actor, action: 'account.add', detail: 'api-key, made by a sign-in' };
      return editor.insert({ ...given, kind: 'api-key' }, act, (id) => keyFields(vault, id, apiKey));
    },
  };
}

function replacing(editor: AccountEditor, { book, vault }: EditorDeps) {
  /** The account stays whose it was; where that was not known, it is now. */
  function owned(id: string, identity: Identity, secret: () => AccountChange): AccountChange {
    const row = book.existing(id);
    requireSame(row, identity);
    requireNew(book, row.kind, identity, id);
    return { ...identityFields(identity), ...secret() };
  }

  return {
    replaceLogin(
      id: string,
      { tokens, identity }: { tokens: LoginTokens; identity: Identity },
      actor: Actor,
    ) {
      const consent = book.existing(id).consentAt === null;
      const act = { actor, action: 'account.replace_login', consent };
      // The new login is of the endpoint of the settings; one of the account's own would not know its tokens.
      const login = (): AccountChange => ({ ...loginFields(vault, id, tokens), tokenUrl: null });
      editor.replaceSecret(id, 'oauth', act, () => owned(id, identity, login));
    },
    replaceCreatedKey(
      id: string,
      { apiKey, identity }: { apiKey: string; identity: Identity },
      actor: Actor,
    ) {
      const act = { actor, action: 'account.replace_key', detail: 'made by a sign-in' };
      editor.replaceSecret(id, 'api-key', act, () => owned(id, identity, () => keyFields(vault, id, apiKey)));
    },
  };
}

/** A name that the schema of names accepts and that no account has. */
function freeName(book: AccountBook, wanted: string): string {
  const visible = wanted.replaceAll(/[\p{Cc}\p{Cf}]+/gu, '').trim();
  const base = visible === '' ? 'Account' : visible;
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : ` ${number}`;
    const name = shortened(base, MAX_NAME - ending.length) + ending;
    if (book.named(name) === undefined) return name;
  }
}

/** Not in the middle of a character. */
function shortened(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
}
