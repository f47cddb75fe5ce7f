import type { Forecast, LimitHistory, PoolForecast } from '../../shared/forecast.ts';
import type { RequestRecord } from '../../shared/request-record.ts';
import type { LiveSession, SessionMove } from '../../shared/session.ts';
import type { Account } from './ports.ts';

/** What a request asks of an account, as far as limits tell requests apart. */
export type Visit = {
  readonly model: string | null;
  /** It asks a model for an answer; other calls (counting tokens, files) have limits of their own. */
  readonly inference: boolean;
};

/**
 * Lets requests into an account: all at once while it is well known to serve, one by one after it came back from a
 * rest (the first is the probe, and a real request), and in a ramp after new work was switched to it. A rest of some
 * models (`bucket`, as in limits) holds back requests for those only.
 */
export type AdmissionGate = {
  /** Takes a place if there is one now, else null. The place is for `served` and `left`: it tells when it was taken. */
  tryEnter(accountId: string, visit: Visit): number | null;
  /**
   * Calls `ready` once, when a place is free or the account rests. `ready` must look again whether the account may
   * serve before it calls `tryEnter`. A probe that is not answered keeps the others for 30 s, a ramp as long: then
   * it fails open, the probe into a ramp. Returns what ends the wait.
   */
  wait(accountId: string, visit: Visit, ready: () => void): () => void;
  /** A good answer, known with the head: the limits let it through. */
  served(accountId: string, visit: Visit, place: number): void;
  /** Gives the place back. */
  left(accountId: string, visit: Visit, place: number): void;
  /**
   * New work of that bucket goes to this account from now on: its ramp begins. `from`: the account where a session was
   * before; of those the first begins a ramp, until that account serves again.
   */
  switchedTo(accountId: string, bucket: string, from?: string): void;
  /** It rests: its next request of that bucket, whenever that is, is a probe, and who waits looks elsewhere. */
  rested(accountId: string, bucket: string): void;
  /** It said when it takes more: nobody goes in for so long, who waits goes on waiting, and the first is a probe. */
  closed(accountId: string, visit: Visit, ms: number): void;
  /** Who waits for it looks again at once: the user has paused it. */
  lookAgain(accountId: string): void;
  forget(accountId: string): void;
};

/** What routing knows of client sessions, in memory, bounded. */
export type SessionBoard = {
  /** A request of the session went to an account. */
  started(sessionId: string, at: number, project: string | null): void;
  /** A finished request, with its usage. */
  ended(record: RequestRecord): void;
  /**
   * The session is served by `to` now; answers the move when it was served elsewhere before, else null. Counts what
   * is lost: the prompt tokens that were warm on the old account.
   */
  moved(sessionId: string, model: string | null, to: Account, reason: string, at: number): SessionMove | null;
  live(): LiveSession[];
};

/** The user's wishes about single sessions; written through. */
export type SessionPins = {
  pinnedTo(sessionId: string): string | null;
  /** Every session that is pinned. */
  sessions(): Iterable<string>;
  pin(sessionId: string, accountId: string): void;
  release(sessionId: string): void;
};

/** Money of this calendar month, per account; written through in batches. */
export type SpendBook = {
  /** Notes the cost of a finished request. `overage`: it was served as paid overage. */
  note(accountId: string, costNanoUsd: number, overage: boolean, at: number): void;
  /** Billionths of a US dollar this month. */
  spent(accountId: string, now: number): number;
  overage(accountId: string, now: number): number;
  flush(): void;
};

/** Readings over time and what they foretell. */
export type Forecasts = {
  ofAccount(accountId: string, now: number): Forecast[];
  ofPool(accounts: readonly Account[], now: number): PoolForecast;
  history(accountId: string, from: number, to: number): LimitHistory;
  forget(accountId: string): void;
  flush(): void;
};
