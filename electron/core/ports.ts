import type { AccountKind, AccountState, HeaderStyle, ModelMap } from '../../shared/account.ts';
import type { RequestRecord } from '../../shared/request-record.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Identity } from '../../shared/sign-in.ts';

/**
 * What the rooms of the engine need from each other. Each room declares nothing more than this about its
 * neighbours, so every one of them can be tested with a literal object in the neighbour's place.
 */

/** Structured log lines. Redaction happens at the destination, but callers pass no secrets either. */
export type LogFields = { readonly [field: string]: string | number | boolean | null | undefined };
export type Logger = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

/** Current settings; `current()` is a plain property read, safe on the hot path. */
export type SettingsSource = {
  current(): Settings;
  /** Called after each change with the keys that changed. Returns the function that ends it. */
  onChange(listener: (settings: Settings, changed: ReadonlySet<keyof Settings>) => void): () => void;
};

// ---- accounts ---------------------------------------------------------------------------------------------

/** An account as routing sees it: no secret. Objects are replaced, not mutated, when the user changes them. */
export type Account = {
  readonly id: string;
  readonly name: string;
  readonly kind: AccountKind;
  /** Without trailing slash. */
  readonly baseUrl: string;
  readonly priority: number;
  readonly paused: boolean;
  readonly createdAt: number;
  /** How an API key is sent; logins are always `Authorization: Bearer`. */
  readonly headerStyle: HeaderStyle;
  /** Empty for nearly all: model names to replace, in place, in the request body. */
  readonly modelMap: ModelMap;
};

/** The one header that authenticates a request upstream. `version` changes whenever the secret changes. */
export type Credential = {
  readonly header: 'x-api-key' | 'authorization';
  readonly value: string;
  readonly version: number;
};

/** Why there is no usable credential now. `definitive`: only the user can help (sign in again, replace key). */
export type CredentialProblem = { readonly definitive: boolean; readonly reason: string };

export type CredentialResult =
  | { readonly ok: true; readonly credential: Credential }
  | { readonly ok: false; readonly problem: CredentialProblem };

/** The accounts, in memory, written through to the store. */
export type AccountPool = {
  /** Stable array until something changes: priority ascending, then createdAt, then id. */
  all(): readonly Account[];
  get(id: string): Account | undefined;
  /** A valid credential without waiting, or null when one must be fetched first (see `credential`). */
  credentialNow(id: string): Credential | null;
  /** Waits for a refresh where needed; one refresh in flight per account whoever asks. */
  credential(id: string): Promise<CredentialResult>;
  /**
   * The provider refused `used`. OAuth: refreshes once (single flight; at once when a newer one is already
   * here) and answers the new one. API key: marks the key refused. A definitive problem makes the account
   * `sign-in-needed`.
   */
  credentialRefused(id: string, used: Credential, words: string): Promise<CredentialResult>;
  /** Non-null when the account has no usable credential until the user acts. */
  problem(id: string): CredentialProblem | null;
  /** Bookkeeping of running requests, for views and for balancing. */
  started(id: string): void;
  finished(id: string): void;
  inFlight(id: string): number;
  /** The account and the others that draw from the same limits; the same array until something changes. */
  sharing(id: string): readonly string[];
  /** Remembers the organisation an account turned out to belong to (`anthropic-organization-id`). */
  sawOrganization(id: string, organizationId: string): void;
  /** UTC ms of the last use. */
  touched(id: string, at: number): void;
};

/** Tokens of a login in the clear, on their way into the vault. */
export type LoginTokens = {
  readonly accessToken: string;
  /** Null for a long-lived token, which cannot be renewed. */
  readonly refreshToken: string | null;
  /** UTC ms; null when nobody stated it. */
  readonly expiresAt: number | null;
};

/** What a sign-in needs of the accounts. Every change is stored and audited, consent included, before it answers. */
export type SignInAccounts = {
  /** The account of this kind that has the same person and organisation; null when the identity says too little. */
  withIdentity(kind: AccountKind, identity: Identity): { readonly id: string; readonly name: string } | null;
  /** `wanted`, or the first free name like it. */
  freeName(wanted: string): string;
  /** Throws AppError `not_found`. */
  existing(id: string): { readonly name: string; readonly kind: AccountKind; readonly identity: Identity };
  /** Makes an account of a login whose owner agreed to the notice. Throws `name_taken`, `duplicate_account`, `conflict`, `vault_locked`. */
  addLogin(
    given: {
      name: string;
      priority?: number | undefined;
      baseUrl: string;
      tokens: LoginTokens;
      identity: Identity;
    },
    actor: Actor,
  ): { id: string };
  /** Makes an account of an API key that a console sign-in created. Throws as `addLogin`. */
  addCreatedKey(
    given: {
      name: string;
      priority?: number | undefined;
      baseUrl: string;
      apiKey: string;
      identity: Identity;
    },
    actor: Actor,
  ): { id: string };
  /**
   * Puts a new login (or created key) in the place of the account's old one, which stays until this succeeds; name,
   * priority, history and bindings stay. Throws `other_account` when it is somebody else's, `conflict` for the other kind.
   */
  replaceLogin(id: string, given: { tokens: LoginTokens; identity: Identity }, actor: Actor): void;
  replaceCreatedKey(id: string, given: { apiKey: string; identity: Identity }, actor: Actor): void;
};

// ---- balancing --------------------------------------------------------------------------------------------

/** What routing knows of a request. */
export type RoutingRequest = {
  readonly model: string | null;
  /** It asks for the long context. Absent = false. */
  readonly longContext?: boolean;
  /** Client session, or null when the client names none. */
  readonly sessionId: string | null;
  /** Start-up probes and the like must not create a binding. */
  readonly bind: boolean;
  /** Account name or id from the header `x-ccflare-account`: this one request goes there or nowhere. */
  readonly pin?: string | null;
  readonly now: number;
};

export type PlannedAccount = {
  readonly account: Account;
  readonly reasonCode: string;
  readonly reason: string;
};

export type SkippedAccount = {
  readonly account: Account;
  readonly reasonCode: string;
  readonly reason: string;
  readonly until: number | null;
};

/** Accounts to try, in order, and those left out, each with its reason. */
export type Plan = {
  readonly strategy: string;
  readonly accounts: readonly PlannedAccount[];
  readonly skipped: readonly SkippedAccount[];
  /** Account that the request's session is bound to, in line or not; absent or null when nobody knows of one. */
  readonly boundTo?: string | null;
};

export type Balancer = {
  choose(request: RoutingRequest): Plan;
  /** The request was served by this account: bind or re-bind its session. */
  served(request: RoutingRequest, accountId: string): void;
  /** Sessions bound to an account now. */
  boundSessions(accountId: string): number;
  /** Account the next new session would get; null when none can serve. */
  nextAccount(now: number): Account | null;
  /** The account that is set aside for when nobody else can serve, if it can serve this request; else null. */
  fallback(request: RoutingRequest): PlannedAccount | null;
  /** Binds a session to an account, whatever it was bound to. */
  move(sessionId: string, accountId: string): void;
  /** Forgets where a session is bound. */
  release(sessionId: string): void;
  /** Every binding in force, oldest use first. */
  bindings(): Iterable<{ sessionId: string; model: string; accountId: string; lastUsedAt: number }>;
  forget(accountId: string): void;
};

/** State word of an account, derived in one place for window and tray. */
export type AccountStanding = {
  readonly state: AccountState;
  readonly reason: string;
  readonly until: number | null;
};

// ---- guard ------------------------------------------------------------------------------------------------

/** A valid client key, resolved. */
export type ClientIdentity = {
  readonly keyId: string;
  readonly keyName: string;
  /** The key's own choice for exhaustion; null or absent = the setting. */
  readonly exhaustion?: Settings['exhaustion'] | null;
};

/** The local keys, hashed; compared in constant time. */
export type ClientKeyring = {
  /** Null for an unknown or revoked key. Synchronous and cheap (one SHA-256). */
  identify(presented: string): ClientIdentity | null;
  touched(keyId: string, at: number): void;
};

/** Token bucket per name; `allow` takes one. `retryAfterMs` > 0 says when the next is there. */
export type RateLimiter = { allow(name: string, perMinute: number): { ok: boolean; retryAfterMs: number } };

// ---- recording --------------------------------------------------------------------------------------------

/** Takes finished requests; returns at once, never throws, never blocks. */
export type Recorder = { record(record: RequestRecord): void };

// ---- audit and events -------------------------------------------------------------------------------------

/** Who did something. */
export type Actor = 'dashboard' | 'tray' | 'provision' | 'proxy' | 'app';

export type Audit = {
  /** `subject` is a name or id; `detail` a short sentence without secrets. */
  write(entry: {
    actor: Actor;
    action: string;
    subject: string | null;
    outcome: 'ok' | 'refused' | 'failed';
    detail: string | null;
  }): void;
};

/** Things a person would want to know; the newest 100 are kept and shown. */
export type EventLog = {
  add(event: {
    level: 'info' | 'good' | 'warn' | 'bad';
    code: string;
    message: string;
    accountId?: string | null;
  }): void;
};

// ---- vault ------------------------------------------------------------------------------------------------

/** Bytes sealed by the vault, and the key that sealed them. */
export type Sealed = { readonly keyId: string; readonly bytes: Uint8Array };

/** Seals and opens secrets; row and column are bound into the ciphertext. */
export type Vault = {
  ready(): boolean;
  /** Throws AppError `vault_locked` when there is no data key. */
  seal(plain: string, row: string, column: string): Sealed;
  /** Throws AppError `secret_unreadable` when the ciphertext or its place does not fit, `vault_locked` without key. */
  open(sealed: Sealed, row: string, column: string): string;
};
