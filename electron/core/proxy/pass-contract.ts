import type { Clock } from '../clock.ts';
import type { Classify, LimitBook, Verdict } from '../limit-ports.ts';
import type { Account, AccountPool, Logger, SettingsSource } from '../ports.ts';
import type { AdmissionGate, SpendBook } from '../routing-ports.ts';
import type { Attempt } from './attempt.ts';
import type { Caps } from './caps.ts';
import type { Ledger } from './ledger.ts';
import type { ModelPlace, RenamedBody } from './model-map.ts';
import type { ProxyEvents } from './proxy-events.ts';
import type { RequestBody } from './request-body.ts';
import { endpointOf } from './routing.ts';
import type { Upstream } from './upstream.ts';

/** What a pass over the accounts needs. */
export type PassDeps = {
  readonly settings: SettingsSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly accounts: AccountPool;
  readonly limits: LimitBook;
  readonly classify: Classify;
  readonly gate: AdmissionGate;
  readonly spend: SpendBook;
  readonly caps: Caps;
  readonly random: () => number;
  readonly oauthBeta: string;
  readonly upstream: Upstream;
  readonly news: ProxyEvents;
  /** Whether an origin is this listener itself. */
  readonly isOwnOrigin: (origin: string) => boolean;
};

/** The request that is passed on. */
export type PassRequest = {
  readonly method: string;
  /** With query, without the client key. */
  readonly target: string;
  readonly rawHeaders: readonly string[];
  /** As the client asks for it. */
  readonly model: string | null;
  readonly modelPlace: ModelPlace;
  /** It asks a model for an answer, so a good one proves that the account is within its limits. */
  readonly inference: boolean;
  /** What tells the cost beforehand. */
  readonly size: { readonly promptBytes: number; readonly maxTokens: number | null; readonly fast: boolean };
  readonly body: RequestBody;
  readonly ledger: Ledger;
};

/** How a pass ended without an answer that may be delivered as it is. */
export type PassEnd = {
  /** The last account that was tried. */
  readonly account: Account | null;
  /** Its answer, if it can still be delivered. */
  readonly attempt: Attempt | null;
  readonly verdict: Verdict | null;
  readonly network: boolean;
};

/** Exactly one of the two is called, once, unless the pass is cancelled. */
export type PassListener = {
  passDelivers(attempt: Attempt, verdict: Verdict): void;
  passEnds(end: PassEnd): void;
  /** Something threw that should not; instead of the two, or after one. */
  passCrashed(error: unknown): void;
};

/** Hands a request to the upstream client; `renamed` goes in place of the body as it came. */
export function sendAttempt(
  upstream: Upstream,
  attempt: Attempt,
  baseUrl: string,
  { method, target, body: own }: PassRequest,
  headers: string[],
  renamed: RenamedBody | null = null,
): void {
  const body = renamed === null ? own.open() : own.openAs(renamed.pieces, renamed.size);
  const length = renamed === null ? own.length : renamed.size;
  // A buffer knows its length; a source is announced, or sent chunked where the length is not known.
  if (body !== null && !Buffer.isBuffer(body) && length !== null) {
    headers.push('content-length', String(length));
  }
  const { origin, prefix } = endpointOf(baseUrl);
  upstream.dispatch(origin, { path: prefix + target, method, headers, body }, attempt);
}
