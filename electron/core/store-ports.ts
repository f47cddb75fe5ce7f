import type { CooldownView, LimitReading } from '../../shared/account.ts';
import type { Account, Actor, Sealed } from './ports.ts';

/** What the engine keeps on disk: repositories over `ccflare.db`, implemented with better-sqlite3 in store/. */

export type AccountRow = Account & {
  readonly tokenUrl: string | null;
  readonly apiKey: Sealed | null;
  readonly accessToken: Sealed | null;
  readonly refreshToken: Sealed | null;
  /** UTC ms of the access token's end; null for API keys. */
  readonly expiresAt: number | null;
  readonly credentialHint: string | null;
  readonly credentialState: 'ok' | 'refused' | 'sign-in-needed';
  readonly credentialWords: string | null;
  /** Keyed hash of the secret that `--provision` set last, to tell a new one from one that was rotated since. */
  readonly provisionedMark: Uint8Array | null;
  readonly lastRefreshAt: number | null;
  readonly lastRefreshError: string | null;
  readonly organizationId: string | null;
  /** The provider's id of the person, from the profile; with `organizationId` it says whose login this is. */
  readonly providerAccountId: string | null;
  readonly email: string | null;
  readonly organizationName: string | null;
  readonly plan: string | null;
  /** UTC ms at which the notice about subscription logins was agreed to for this account; null for API keys. */
  readonly consentAt: number | null;
  readonly lastUsedAt: number | null;
};

export type AccountStore = {
  list(): AccountRow[];
  insert(row: AccountRow): void;
  /** Only the given fields; one transaction. */
  update(id: string, change: Partial<Omit<AccountRow, 'id'>>): void;
  /**
   * Replaces the tokens only while `usedRefreshToken` is still the stored one (compare by ciphertext bytes);
   * false when somebody else was faster.
   */
  rotateTokens(
    id: string,
    usedRefreshToken: Sealed,
    next: { accessToken: Sealed; refreshToken: Sealed; expiresAt: number; lastRefreshAt: number },
  ): boolean;
  /** Overwrites and deletes. */
  remove(id: string): void;
};

export type ClientKeyRow = {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
  readonly hint: string;
  /** For copying to the clipboard; null when the vault was not open. */
  readonly sealedKey: Sealed | null;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly exhaustion: 'fail' | 'hold' | 'fallback' | null;
  /** What the app itself uses the key for, whatever it is called. */
  readonly purpose: 'claude-code' | null;
};

export type ClientKeyStore = {
  list(): ClientKeyRow[];
  insert(row: ClientKeyRow): void;
  update(id: string, change: Partial<Omit<ClientKeyRow, 'id'>>): void;
};

export type SettingsStore = {
  /** Raw rows: key to JSON text. */
  list(): Map<string, string>;
  put(entries: ReadonlyMap<string, string>): void;
};

export type CooldownRow = Omit<CooldownView, 'probing'> & {
  readonly accountId: string;
  readonly attention: boolean;
};

export type LimitStore = {
  cooldowns(): CooldownRow[];
  putCooldown(row: CooldownRow): void;
  removeCooldown(accountId: string, bucket: string): void;
  readings(): { accountId: string; reading: LimitReading }[];
  putReadings(accountId: string, readings: readonly LimitReading[]): void;
  removeAccount(accountId: string): void;
};

export type BindingRow = {
  readonly sessionId: string;
  readonly model: string;
  readonly accountId: string;
  readonly boundAt: number;
  readonly lastUsedAt: number;
};

/** Session bindings; bounded, oldest go first. Writes may be batched by the caller. */
export type BindingStore = {
  list(since: number): BindingRow[];
  put(rows: readonly BindingRow[]): void;
  removeSession(sessionId: string): void;
  removeAccount(accountId: string): void;
  prune(before: number, keep: number): void;
};

/** A sign-in that waits for its redirect. */
export type OauthSessionRow = {
  readonly id: string;
  readonly mode: 'subscription' | 'console';
  /** Compared with what comes back. */
  readonly state: string;
  readonly verifier: Sealed;
  readonly redirectUri: string;
  /** Account that signs in again, or null. */
  readonly accountId: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** Use of a bucket at a moment, for forecasts and charts. */
export type ReadingSample = {
  readonly accountId: string;
  readonly bucket: string;
  /** UTC ms. */
  readonly at: number;
  readonly utilisation: number;
  readonly resetAt: number | null;
};

/** Table `reading_history`; bounded by age and by rows per account and bucket. */
export type ReadingHistoryStore = {
  list(since: number): ReadingSample[];
  append(samples: readonly ReadingSample[]): void;
  removeAccount(accountId: string): void;
  prune(before: number, keepPerBucket: number): void;
};

/** Money per account and calendar month (`2026-11`, local time), billionths of a US dollar. */
export type SpendRow = {
  readonly accountId: string;
  readonly month: string;
  readonly spentNanoUsd: number;
  /** The part of a subscription that was served as paid overage. */
  readonly overageNanoUsd: number;
};

/** Table `account_spend`. */
export type SpendStore = {
  list(month: string): SpendRow[];
  put(rows: readonly SpendRow[]): void;
};

/** Sessions that the user pinned to an account. */
export type PinStore = {
  list(): { sessionId: string; accountId: string; at: number }[];
  put(sessionId: string, accountId: string, at: number): void;
  remove(sessionId: string): void;
  /** Keeps the newest `keep`. */
  prune(keep: number): void;
};

/** When an account's usage page was read, and when it may be read again. UTC ms. */
export type UsageCheckRow = { accountId: string; checkedAt: number | null; nextAt: number };

/** See {@link UsageCheckRow}. */
export type UsageCheckStore = {
  list(): UsageCheckRow[];
  put(row: UsageCheckRow): void;
  remove(accountId: string): void;
};

/** Table `oauth_sessions`. */
export type OauthSessionStore = {
  insert(row: OauthSessionRow): void;
  /** Removes the row and answers it: a session is used once. Null when it is not there. */
  take(id: string): OauthSessionRow | null;
  /** Removes the sessions that ended before `now` (UTC ms); `Infinity` removes all. */
  removeExpired(now: number): void;
};

/** Model a user chose per agent, as taken over from an older tool. */
export type AgentPreferenceStore = {
  list(): { agentId: string; model: string; updatedAt: number }[];
  put(rows: readonly { agentId: string; model: string; updatedAt: number }[]): void;
};

/** Account-bound resources: file, batch and container ids. */
export type ResourceStore = {
  accountOf(resourceId: string): string | null;
  put(resourceId: string, accountId: string, at: number): void;
  prune(keep: number): void;
};

export type AuditRow = {
  readonly id: number;
  readonly at: number;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string | null;
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly detail: string | null;
};

export type AuditStore = {
  append(row: Omit<AuditRow, 'id'>): void;
  list(before: number | null, limit: number): AuditRow[];
  prune(before: number): void;
};

/** All repositories over `ccflare.db`. */
export type EngineStore = {
  readonly accounts: AccountStore;
  readonly clientKeys: ClientKeyStore;
  readonly settings: SettingsStore;
  readonly limits: LimitStore;
  readonly bindings: BindingStore;
  readonly resources: ResourceStore;
  readonly audit: AuditStore;
  readonly oauthSessions: OauthSessionStore;
  readonly agentPreferences: AgentPreferenceStore;
  readonly readingHistory: ReadingHistoryStore;
  readonly spend: SpendStore;
  readonly pins: PinStore;
  readonly usageChecks: UsageCheckStore;
  /** Runs `work` in one transaction. */
  transaction<T>(work: () => T): T;
  /** Optimises and closes. */
  close(): void;
};
