import type { CooldownView, LimitReading } from '../../shared/account.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Account } from './ports.ts';

/** What an answer means for limits, and the book in which that is kept. */

/** Whom a verdict is about. */
export type VerdictScope =
  | 'none'
  | 'request'
  | 'account'
  | 'account-model'
  /** The account, for calls of this kind; they have limits of their own. */
  | 'account-call'
  | 'upstream'
  | 'client';

/** What to do after looking at an answer or failure. */
export type VerdictAction = 'deliver' | 'retry-here' | 'next-account' | 'refresh-credential' | 'stop';

/** Result of classifying one attempt. */
export type Verdict = {
  readonly scope: VerdictScope;
  readonly action: VerdictAction;
  /** Stable code, e.g. `ok`, `quota_rejected`, `burst_limited`, `overloaded`, `connect_error`, `auth_refused`. */
  readonly code: string;
  /** Plain words for trace and events. */
  readonly reason: string;
  /** Present when the account (or a bucket of it) must rest: bucket `*` = all of it; until null = until the user acts. */
  readonly cooldown?: {
    readonly bucket: string;
    readonly until: number | null;
    readonly evidence: readonly string[];
    /** True when the state is one only the user can end (credit, disabled): shown as `attention`. */
    readonly attention?: boolean;
    /** The provider named no end: `until` is the first step of a ladder that grows while refusals go on. */
    readonly ladder?: boolean;
    /** Nor is there a ladder: `until` is when it is worth another look. */
    readonly guessed?: boolean;
  };
  /** UTC ms at which the account may have this request after all, though it does not rest. */
  readonly backAt?: number;
  /** Wait before `retry-here`, ms, already jittered and bounded by the settings. */
  readonly waitMs?: number;
  /** With `retry-here`: the account has said when it takes more, so nobody else goes there before that either. */
  readonly closes?: boolean;
  /** The provider's answer must not reach the client raw (401/403 about OUR credential). */
  readonly hideFromClient?: boolean;
};

/** Response headers as the wire had them: lower-case name to value(s). */
export type HeaderLookup = {
  get(name: string): string | undefined;
  /** All fields, lower-case names; lets the limit reader find windows it has no name for. */
  entries?(): Iterable<readonly [string, string]>;
};

/** What the classification looks at. */
export type AttemptOutcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: HeaderLookup;
      /** Parsed `error.type`, `error.message` and `error.details.error_code` of a small error body, if any. */
      readonly error: { type: string; message: string; code: string | null } | null;
    }
  | { readonly kind: 'network'; readonly error: 'connect' | 'tls' | 'dns' | 'reset' | 'head-timeout' };

export type ClassifyContext = {
  readonly account: Account;
  readonly model: string | null;
  /** False for calls that ask no model for an answer: they have permissions and limits of their own. Absent = true. */
  readonly inference?: boolean;
  /** It asks for the long context, which a plan may lack. Absent = false. */
  readonly longContext?: boolean;
  readonly now: number;
  /** How often this request was already tried on this account in place. */
  readonly retriesHere: number;
  /** Whether the request was already replayed with a refreshed credential on this account. */
  readonly refreshedHere: boolean;
  /**
   * False when a lost connection must end the request: the next account has the same origin and one account was
   * already left for a lost connection. Absent = the caller does not count, so the request may move on.
   */
  readonly mayMoveAfterNetworkError?: boolean;
  readonly settings: Pick<Settings, 'retryAttempts' | 'retryDelayMs' | 'retryBackoff' | 'overloadHop'>;
  /** Paid overage may go on: the user allows it and this account is under the cap. */
  readonly overageAllowed?: boolean;
  /** This request has left an account for an overload once already: there is no second hop. */
  readonly hopped?: boolean;
  /** 0 <= r < 1; injected for tests. */
  readonly random: () => number;
};

/** Pure; never throws. */
export type Classify = (outcome: AttemptOutcome, context: ClassifyContext) => Verdict;

/** Rests and readings per account and bucket, in memory, written through. */
export type LimitBook = {
  /** Notes every rate-limit header of a response. Cheap when there is none. */
  observe(accountId: string, headers: HeaderLookup, now: number): void;
  /** Starts or extends a cooldown. */
  rest(accountId: string, verdict: Verdict, now: number): void;
  /** Takes readings from elsewhere (the usage page); they never replace fresher ones of headers. */
  learn(accountId: string, readings: readonly LimitReading[], now: number): void;
  /**
   * The cooldown that keeps this account from serving now what is asked (a model, or `askedOf` a request), or null.
   * Expired ones are dropped.
   */
  blocking(accountId: string, asked: string | null, now: number): CooldownView | null;
  cooldowns(accountId: string, now: number): readonly CooldownView[];
  readings(accountId: string): readonly LimitReading[];
  /** True when a cooldown of the account says that only the user can help. */
  needsAttention(accountId: string, now: number): boolean;
  /**
   * Brings the end of a cooldown forward to now, as a try: `blocking` lets the account pass, and the next verdict
   * decides (a refusal starts a new rest, a good answer ends it). Shown as `probing` until then.
   */
  tryNow(accountId: string, bucket: string, now: number): void;
  /** A good answer of the account for what was asked: what was tried has worked. */
  served(accountId: string, asked: string | null): void;
  /** Ends cooldowns of a bucket (`*` = all) by hand. */
  clear(accountId: string, bucket: string): void;
  /** The account is gone. `heir`: the one that now stands for those with which it shared its limits. */
  forget(accountId: string, heir?: string): void;
  /** Called after each change with the account's id. */
  onChange(listener: (accountId: string) => void): () => void;
};
