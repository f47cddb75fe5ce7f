import { AppError } from '../errors.ts';
import type { Actor, LoginTokens } from '../ports.ts';
import type { AccountEditor, Act, EditorDeps } from './account-editor.ts';
import { loginFields } from './account-secrets.ts';
import type { TokenCheck } from './verify-token.ts';

/** Life of a long-lived token, ms: what the provider's own tool asks for, since the token itself does not say. */
const LIFE_MS = 365 * 86_400_000;

/** A long-lived token as a person pastes it; `accountId`: in the place of this account's login. */
export type SetupToken = { name: string; token: string; consent: boolean; accountId?: string | undefined };

/** Accounts of long-lived tokens, which nobody can renew. */
export function createSetupTokens(editor: AccountEditor, deps: EditorDeps) {
  const { vault, clock, settings } = deps;
  const login = (token: string): LoginTokens => ({
    accessToken: token,
    refreshToken: null,
    expiresAt: clock.now() + LIFE_MS,
  });

  function add({ name, token }: SetupToken, act: Act): { id: string } {
    const given = { name, kind: 'oauth', baseUrl: settings.current().oauthApiUrl } as const;
    return editor.insert(given, { ...act, consent: true }, (id) => {
      requireUnused(deps, token);
      return loginFields(vault, id, login(token));
    });
  }

  function replace(id: string, { token }: SetupToken, act: Act): { id: string } {
    const consent = deps.book.existing(id).consentAt === null;
    editor.replaceSecret(id, 'oauth', { ...act, consent }, () => {
      requireUnused(deps, token, id);
      return loginFields(vault, id, login(token));
    });
    return { id };
  }

  return {
    /**
     * Adds a long-lived token, or puts it in the place of an account's login, after the provider has accepted it. A
     * provider that cannot be asked is no reason to refuse it: the record then says that nobody has looked.
     * @throws AppError `consent_needed`, `invalid_input`, `duplicate_account`, `sign_in_refused`, `name_taken`,
     * `not_found`, `conflict`, `vault_locked`
     */
    async addSetupToken(
      given: SetupToken,
      actor: Actor,
      verify: (accessToken: string) => Promise<TokenCheck>,
    ): Promise<{ id: string }> {
      const { accountId, token } = given;
      const subject = accountId === undefined ? given.name : deps.book.existing(accountId).name;
      const act = { actor, action: accountId === undefined ? 'account.add' : 'account.replace_tokens' };
      editor.guarded(subject, act, () => {
        requireSense(given);
        requireUnused(deps, token, accountId);
        if (accountId === undefined) editor.requireFree(given.name);
      });
      const check = await verify(token);
      editor.guarded(subject, act, () => requireAccepted(check));
      const looked = check === 'ok' ? '' : ', not verified: the provider could not be asked';
      const done = { ...act, detail: `a long-lived token${looked}` };
      return accountId === undefined ? add(given, done) : replace(accountId, given, done);
    },
  };
}

function requireSense({ consent, token }: SetupToken): void {
  if (!consent) {
    throw new AppError('consent_needed', 'Read the notice about subscription logins and agree to it first.');
  }
  if (/^sk-ant-api/i.test(token)) {
    throw new AppError(
      'invalid_input',
      'This is an API key, not a token of a subscription. Add it as an API key.',
    );
  }
}

/** @throws AppError `duplicate_account` when an account other than `except` has this token */
function requireUnused({ book, credentials }: EditorDeps, token: string, except?: string): void {
  const value = `Bearer ${token}`;
  for (const { id, kind, name } of book.rows()) {
    if (kind !== 'oauth' || id === except || credentials.held(id)?.credential?.value !== value) continue;
    throw new AppError('duplicate_account', `The account "${name}" has this token already.`);
  }
}

function requireAccepted(check: TokenCheck): void {
  if (check !== 'refused') return;
  throw new AppError(
    'sign_in_refused',
    'The provider does not accept this token, so it was not saved. Make a new one and paste it whole.',
  );
}
