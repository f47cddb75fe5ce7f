import { apiKeySchema, baseUrlSchema, setupTokenSchema } from '../../../shared/account.ts';
import { timeOf } from './old-values.ts';

/** What an old row says about how an account signs in; '' and missing are null. */
export type OldAccount = {
  /** Lower case. */
  readonly provider: string;
  readonly apiKey: string | null;
  readonly refreshToken: string | null;
  readonly accessToken: string | null;
  /** Seconds or ms. */
  readonly expiresAt: number | null;
  readonly endpoint: string | null;
  readonly needsSignIn: boolean;
  readonly hasModelNames: boolean;
};

/** A secret in clear with what belongs to it, on its way into the vault. */
export type OldLogin =
  | { readonly kind: 'api-key'; readonly apiKey: string; readonly baseUrl: string | undefined }
  | {
      readonly kind: 'oauth';
      readonly accessToken: string;
      readonly refreshToken: string | null;
      /** UTC ms; 0 when there is no access token and one must be fetched first. */
      readonly expiresAt: number | null;
      readonly baseUrl: string | undefined;
    };

/** Whether and how an account comes along. */
export type AccountDecision = {
  readonly login: OldLogin | null;
  /** Plain words; null when it comes. */
  readonly skipped: string | null;
  readonly notes: readonly string[];
};

/** Providers whose accounts this app can use. */
const SUBSCRIPTION = ['anthropic', 'claude-oauth'];
const CONSOLE = 'claude-console-api';
const COMPATIBLE = 'anthropic-compatible';

/** How API keys of the provider begin; old versions mirrored them into the token columns. */
const KEY_START = 'sk-ant-api';

/** Decides by provider and secrets. */
export function decideAccount(old: OldAccount): AccountDecision {
  const keyed = old.provider === CONSOLE || old.provider === COMPATIBLE;
  if (!keyed && !SUBSCRIPTION.includes(old.provider)) {
    return skip(`This app cannot use accounts of the provider "${old.provider}".`);
  }
  const address = addressOf(old);
  if (!address.ok) return skip(address.reason);
  const login = keyed ? keyLogin(anyKey(old), address.url) : subscriptionOf(old, address.url);
  if (typeof login === 'string') return skip(login);
  return { login, skipped: null, notes: notesOf(old, login) };
}

function skip(reason: string): AccountDecision {
  return { login: null, skipped: reason, notes: [] };
}

function addressOf({ provider, endpoint }: OldAccount) {
  if (endpoint === null) {
    if (provider !== COMPATIBLE) return { ok: true, url: undefined } as const;
    return { ok: false, reason: 'It names no address of its provider.' } as const;
  }
  const parsed = baseUrlSchema.safeParse(endpoint);
  if (parsed.success) return { ok: true, url: parsed.data } as const;
  return {
    ok: false,
    reason: 'Its own address cannot be used: it must be https, without user or query.',
  } as const;
}

/** A key wherever the old program may have put it, those that look like one first. */
function anyKey({ apiKey, refreshToken, accessToken }: OldAccount): string | null {
  const places = [apiKey, refreshToken, accessToken];
  return (
    places.find((secret) => secret?.startsWith(KEY_START)) ?? places.find((secret) => secret !== null) ?? null
  );
}

function subscriptionOf(old: OldAccount, baseUrl: string | undefined): OldLogin | string {
  const refreshToken = tokenOrNull(old.refreshToken);
  const accessToken = tokenOrNull(old.accessToken);
  if (refreshToken === null && accessToken === null) return keyLogin(anyKey(old), baseUrl);
  const usable = [refreshToken, accessToken].every(
    (token) => token === null || setupTokenSchema.safeParse(token).success,
  );
  if (!usable) return 'Its login cannot be read. Sign in here instead.';
  return {
    kind: 'oauth',
    accessToken: accessToken ?? '',
    refreshToken,
    expiresAt: accessToken === null ? 0 : timeOf(old.expiresAt),
    baseUrl,
  };
}

/** A mirrored key is no token. */
function tokenOrNull(secret: string | null): string | null {
  return secret?.startsWith(KEY_START) ? null : secret;
}

function keyLogin(secret: string | null, baseUrl: string | undefined): OldLogin | string {
  if (secret === null) return 'It has neither a key nor a login.';
  const parsed = apiKeySchema.safeParse(secret);
  if (!parsed.success) return 'Its key cannot be read. Add it by hand instead.';
  return { kind: 'api-key', apiKey: parsed.data, baseUrl };
}

function notesOf(old: OldAccount, login: OldLogin): string[] {
  const notes: string[] = [];
  if (login.kind === 'oauth') {
    notes.push(
      login.refreshToken === null
        ? 'Its login cannot be renewed: it ends without a successor.'
        : 'It shares its login with the old program: stop the old program, or one of the two will be signed out.',
    );
    if (old.needsSignIn) notes.push('The old program says that it must sign in again.');
  }
  if (login.baseUrl !== undefined) notes.push(`It keeps its own address ${login.baseUrl}.`);
  if (old.hasModelNames) notes.push('Its model names do not come along; set them in the account.');
  return notes;
}
