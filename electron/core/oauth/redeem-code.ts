import type { Identity } from '../../../shared/sign-in.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Logger, LoginTokens, SettingsSource } from '../ports.ts';
import type { AccountApi } from './account-api.ts';
import { ownerOf } from './login-owner.ts';
import type { CodeClaim, CodeExchange, ExchangeAnswer } from './token-client.ts';

/** What turning a code into a login needs. */
export type RedeemDeps = {
  tokens: CodeExchange;
  api: AccountApi;
  settings: SettingsSource;
  clock: Clock;
  log: Logger;
};

/**
 * Exchanges a code and finds out whose login it is. A profile that cannot be read is no obstacle: the token answer
 * names the owner too.
 * @throws AppError `sign_in_refused`, `sign_in_unreachable`
 */
export async function redeemCode(
  deps: RedeemDeps,
  claim: Omit<CodeClaim, 'tokenUrl'>,
): Promise<{ tokens: LoginTokens; identity: Identity }> {
  const { settings, clock, log } = deps;
  const { oauthTokenUrl: tokenUrl, oauthApiUrl } = settings.current();
  const answer = await deps.tokens.exchange({ ...claim, tokenUrl });
  if (!answer.ok) throw exchangeError(answer);
  const { accessToken, refreshToken, expiresInSeconds } = answer;
  const expiresAt = expiresInSeconds === null ? null : clock.now() + expiresInSeconds * 1000;
  const profile = await deps.api.profile(oauthApiUrl, accessToken);
  if (profile.kind !== 'identity') log.warn('sign_in_without_profile', { why: profile.kind });
  const identity = ownerOf(profile.kind === 'identity' ? profile.identity : null, answer.owner);
  return { tokens: { accessToken, refreshToken, expiresAt }, identity };
}

/** Makes an API key with a console login. @throws AppError `sign_in_refused`, `sign_in_unreachable` */
export async function createKey(deps: RedeemDeps, { accessToken }: LoginTokens): Promise<string> {
  const made = await deps.api.createApiKey(deps.settings.current().oauthApiUrl, accessToken);
  if (made.ok) return made.apiKey;
  if (!made.reached) throw unreachable(made.reason);
  const words = `No API key could be made. ${made.reason} Check that your role in the organisation allows it, then start again.`;
  throw new AppError('sign_in_refused', words);
}

function exchangeError({ reached, reason, retryAfterMs }: Extract<ExchangeAnswer, { ok: false }>): AppError {
  if (!reached) return unreachable(reason);
  const minutes = Math.ceil((retryAfterMs ?? 0) / 60_000);
  const next = minutes === 0 ? 'Start again.' : `Start again in ${minutes} min.`;
  return new AppError('sign_in_refused', `The sign-in was not completed. ${reason} ${next}`);
}

function unreachable(reason: string): AppError {
  return new AppError('sign_in_unreachable', `${reason} Check the network, then start again.`);
}
