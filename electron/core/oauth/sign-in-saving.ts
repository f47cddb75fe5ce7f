import { AppError } from '../errors.ts';
import type { Actor, LoginTokens, SettingsSource, SignInAccounts } from '../ports.ts';
import type { CurrentSignIn } from './current-sign-in.ts';
import { nameFor, requireSameOwner } from './login-owner.ts';
import { createKey, type RedeemDeps, redeemCode } from './redeem-code.ts';
import { type Attempt, KIND_OF, type Login, type Target } from './sign-in-attempt.ts';
import { targetOf } from './sign-in-opening.ts';
import type { CodeClaim } from './token-client.ts';

/** What ending a sign-in well needs. */
export type SavingDeps = RedeemDeps & {
  accounts: SignInAccounts;
  settings: SettingsSource;
  current: CurrentSignIn;
};

/**
 * From the provider's answer to what the person is asked, or, for an account that signs in again, to the end.
 * Whatever was awaited, the sign-in may be over meanwhile: then what came is dropped.
 * @throws AppError `sign_in_refused`, `sign_in_unreachable`, `other_account` and those of the accounts
 */
export async function completeSignIn(
  deps: SavingDeps,
  attempt: Attempt,
  claim: Omit<CodeClaim, 'tokenUrl'>,
): Promise<void> {
  const { tokens, identity } = await redeemCode(deps, claim);
  if (!deps.current.isLive(attempt)) return;
  attempt.identity = attempt.mode === 'console' ? { ...identity, plan: 'API' } : identity;
  if (attempt.target === null) await prepareNew(deps, attempt, tokens);
  else await signInAgain(deps, attempt, attempt.target, tokens);
}

/** A key that could not be kept would lie about at the provider, so none is made for an account that is known. */
async function prepareNew(deps: SavingDeps, attempt: Attempt, tokens: LoginTokens): Promise<void> {
  const identity = identityOf(attempt);
  attempt.duplicateOf = deps.accounts.withIdentity(KIND_OF[attempt.mode], identity);
  const isKeyInVain = attempt.mode === 'console' && attempt.duplicateOf !== null;
  const login = isKeyInVain ? null : await loginOf(deps, attempt, tokens);
  if (!deps.current.isLive(attempt)) return;
  attempt.suggestedName = deps.accounts.freeName(nameFor(identity, 'Account'));
  attempt.login = login;
  attempt.phase = 'confirm';
  deps.current.allow(attempt, deps.settings.current().signInTimeoutMs);
}

async function signInAgain(
  deps: SavingDeps,
  attempt: Attempt,
  { id }: Target,
  tokens: LoginTokens,
): Promise<void> {
  const { accounts, current } = deps;
  const identity = identityOf(attempt);
  const target = targetOf(accounts, attempt.mode, id);
  requireSameOwner(target, identity);
  const twin = accounts.withIdentity(KIND_OF[attempt.mode], identity);
  if (twin?.id !== id) requireNew(twin);
  const login = await loginOf(deps, attempt, tokens);
  if (!current.isLive(attempt)) return;
  if (login.kind === 'key') accounts.replaceCreatedKey(id, { apiKey: login.apiKey, identity }, attempt.actor);
  else accounts.replaceLogin(id, { tokens: login.tokens, identity }, attempt.actor);
  current.succeed(attempt, target);
}

/** A console login is only good for its key: the tokens are dropped here. */
async function loginOf(deps: SavingDeps, { mode }: Attempt, tokens: LoginTokens): Promise<Login> {
  if (mode === 'subscription') return { kind: 'tokens', tokens };
  return { kind: 'key', apiKey: await createKey(deps, tokens) };
}

/**
 * Saves what a sign-in brought as a new account.
 * @throws AppError `duplicate_account`, `conflict`, and those of the accounts; the sign-in then still waits
 */
export function saveNew(
  deps: SavingDeps,
  attempt: Attempt,
  given: { name: string; priority?: number | undefined },
  actor: Actor,
): { id: string } {
  const { accounts, settings, current } = deps;
  const identity = identityOf(attempt);
  const { login } = attempt;
  requireNew(accounts.withIdentity(KIND_OF[attempt.mode], identity));
  if (login === null) throw new AppError('conflict', 'This sign-in made no API key. Start it again.');
  const baseUrl = settings.current().oauthApiUrl.replace(/\/+$/, '');
  const common = { name: given.name, priority: given.priority, baseUrl, identity };
  const { id } =
    login.kind === 'key'
      ? accounts.addCreatedKey({ ...common, apiKey: login.apiKey }, actor)
      : accounts.addLogin({ ...common, tokens: login.tokens }, actor);
  current.succeed(attempt, { id, name: given.name });
  return { id };
}

function requireNew(twin: { name: string } | null): void {
  if (twin === null) return;
  const words = `The account "${twin.name}" is this login already. Sign that account in again, or remove it first.`;
  throw new AppError('duplicate_account', words);
}

function identityOf({ identity }: Attempt) {
  if (identity === null) throw new AppError('conflict', 'This sign-in is not that far yet.');
  return identity;
}
