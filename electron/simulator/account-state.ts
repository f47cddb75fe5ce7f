import { createHash } from 'node:crypto';
import { admitApiKey, rollApiKey } from './api-key-limits.ts';
import { admitUnified, rollUnified } from './unified-limits.ts';
import type { Admission, ApiKeyLimit, Consumption, SimulatedWindows, UnifiedWindow } from './windows.ts';

/** An account that the simulated provider knows. */
export type SimulatedAccountSpec = {
  name: string;
  kind: 'api-key' | 'oauth';
  /** The API key, or the current access token; matched with `x-api-key` or `Authorization: Bearer`. */
  secret: string;
  refreshToken?: string;
  /** UTC ms at which the first access token ends. Default: never. */
  expiresAt?: number;
  /** Default: derived from the name, so that accounts belong to different organizations. */
  organizationId?: string;
  windows?: SimulatedWindows;
};

/** Scopes of a full login; a long-lived set-up token has `user:inference` only. */
const FULL_SCOPES: readonly string[] = [
  'org:create_api_key',
  'user:profile',
  'user:inference',
  'user:sessions:claude_code',
  'user:mcp_servers',
  'user:file_upload',
];

/** What a credential turns out to be. */
export type SecretState = 'valid' | 'expired' | 'revoked' | 'unknown';

/** A live account: tests read and change it between requests. */
export class SimulatedAccountState {
  readonly name: string;
  readonly kind: 'api-key' | 'oauth';
  readonly organizationId: string;
  /** UUID of the person, as the profile and the token answer tell it. */
  readonly accountId: string;
  /** Live: changes count from the next request on. */
  readonly windows: SimulatedWindows;
  /** Granted to every token of the account from now on. */
  scopes: string[] = [...FULL_SCOPES];
  /** Profile of the person; by default an address that can never receive mail (RFC 2606). */
  email: string;
  /** Profile of the organization: name, plan and its size; null where the provider would say nothing. */
  organizationName: string;
  organizationType: string | null = 'claude_max';
  rateLimitTier: string | null = 'default_claude_max_5x';
  /** `expires_in` of the next token answer, seconds. */
  expiresInSeconds = 28_800;
  /** False: the token endpoint keeps the refresh token and leaves it out of its answer. */
  rotatesRefreshToken = true;
  /** Which shape `GET /api/oauth/usage` answers in. */
  usageShape: '2025' | '2026' = '2026';
  /** Messages answered with 200. */
  answered = 0;
  /** Successful refreshes. */
  refreshes = 0;
  #revoked = false;
  #secret: string;
  #refreshToken: string | undefined;
  /** Every secret that was ever current, with the UTC ms of its end. */
  readonly #ends = new Map<string, number>();

  constructor(spec: SimulatedAccountSpec, now: number) {
    this.name = spec.name;
    this.kind = spec.kind;
    this.organizationId = spec.organizationId ?? uuidOf(`organization ${spec.name}`);
    this.accountId = uuidOf(`account ${spec.name}`);
    this.email = `${spec.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`;
    this.organizationName = `${spec.name} organization`;
    this.windows = spec.windows ?? defaultWindows(spec.kind, now);
    this.#secret = spec.secret;
    this.#refreshToken = spec.refreshToken;
    this.#ends.set(spec.secret, spec.expiresAt ?? Number.POSITIVE_INFINITY);
  }

  /** The API key or the newest access token. */
  get secret(): string {
    return this.#secret;
  }

  get refreshToken(): string | undefined {
    return this.#refreshToken;
  }

  get revoked(): boolean {
    return this.#revoked;
  }

  /** Makes `secret` the current credential; older access tokens stay good until their own end. */
  setSecret(secret: string, expiresAt = Number.POSITIVE_INFINITY): void {
    this.#secret = secret;
    this.#ends.set(secret, expiresAt);
  }

  setRefreshToken(refreshToken: string | undefined): void {
    this.#refreshToken = refreshToken;
  }

  /** Replaces one window or limit. */
  setWindow<Name extends keyof SimulatedWindows>(
    name: Name,
    window: NonNullable<SimulatedWindows[Name]>,
  ): void {
    this.windows[name] = window as SimulatedWindows[Name];
  }

  /** Ends every access token given out so far; the refresh token stays good. */
  expireAccessTokens(): void {
    for (const secret of this.#ends.keys()) this.#ends.set(secret, Number.NEGATIVE_INFINITY);
  }

  /** The owner took the access away: requests and refreshes fail until `restore`. */
  revoke(): void {
    this.#revoked = true;
  }

  restore(): void {
    this.#revoked = false;
  }

  /** Judges a credential that may be this account's. */
  judge(secret: string, now: number): SecretState {
    const end = this.#ends.get(secret);
    if (end === undefined) return 'unknown';
    if (this.#revoked) return 'revoked';
    return end <= now ? 'expired' : 'valid';
  }

  /** Decides one message against the account's limits at `now` (UTC ms) and takes its share. */
  admit(use: Consumption, now: number): Admission {
    if (this.kind === 'api-key') {
      rollApiKey(this.windows, now);
      return admitApiKey(this.windows, use, now);
    }
    rollUnified(this.windows, now);
    const admission = admitUnified(this.windows, use.model);
    if (!admission.admitted) {
      const reset = Number(admission.headers['anthropic-ratelimit-unified-reset']) * 1000;
      admission.headers['retry-after'] = String(Math.max(1, Math.ceil((reset - now) / 1000)));
    }
    return admission;
  }
}

function defaultWindows(kind: 'api-key' | 'oauth', now: number): SimulatedWindows {
  if (kind === 'oauth') return { '5h': idle(now + 5 * 3_600_000), '7d': idle(now + 168 * 3_600_000) };
  const endless = (limit: number): ApiKeyLimit => ({
    limit,
    remaining: limit,
    resetAt: now + 60_000,
    burns: false,
  });
  return { requests: endless(4000), 'input-tokens': endless(2_000_000), 'output-tokens': endless(400_000) };
}

const idle = (resetAt: number): UnifiedWindow => ({ utilization: 0, resetAt, burnPerRequest: 0 });

/** A UUID that is the same for the same name. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
