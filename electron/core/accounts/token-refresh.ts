import { DEFAULT_TOKEN_URL } from '../../../shared/account.ts';
import type { Clock } from '../clock.ts';
import type { TokenAnswer, TokenClient } from '../oauth/token-client.ts';
import type { CredentialResult, Logger, Vault } from '../ports.ts';
import type { AccountRow, AccountStore } from '../store-ports.ts';
import { type MarkingDeps, markUnusable } from './credential-state.ts';
import { openSecret } from './secret-places.ts';
import { createTokenSaver, type FreshTokens, type TokenSaver } from './token-saver.ts';

/** Pause after a failed refresh, ms, where the endpoint asked for none. */
const BACK_OFF_MS = 60_000;

/** What refreshing needs. */
export type RefreshDeps = MarkingDeps & {
  store: AccountStore;
  vault: Vault;
  clock: Clock;
  log: Logger;
  tokens: TokenClient;
};

type Rest = { readonly until: number; readonly reason: string };

/** Renews OAuth tokens; one call per account at a time, whoever asks. */
export class TokenRefresh {
  readonly #deps: RefreshDeps;
  readonly #saver: TokenSaver;
  readonly #running = new Map<string, Promise<CredentialResult>>();
  readonly #rests = new Map<string, Rest>();

  constructor(deps: RefreshDeps) {
    this.#deps = deps;
    this.#saver = createTokenSaver(deps);
  }

  /** Joins the running refresh or starts one; within a back-off it answers at once. Never rejects. */
  async refresh(id: string): Promise<CredentialResult> {
    const joined = this.#running.get(id);
    if (joined !== undefined) return await joined;
    const row = this.#deps.book.row(id);
    if (row === undefined) return notNow('The account was removed.');
    if (this.resting(id)) return notNow(this.#rests.get(id)?.reason ?? '');
    return await this.#begin(row);
  }

  /** Starts one in the background unless one runs or the account is in a back-off. */
  start(id: string): void {
    if (!this.#running.has(id) && !this.resting(id)) void this.refresh(id);
  }

  /** True while a failed refresh keeps the next one waiting. */
  resting(id: string): boolean {
    const rest = this.#rests.get(id);
    return rest !== undefined && this.#deps.clock.monotonic() < rest.until;
  }

  /** Ends all back-offs, as after waking up. */
  endRests(): void {
    this.#rests.clear();
  }

  /** Tries again to store tokens that the disk did not take. */
  saveAgain(): void {
    this.#saver.saveAgain();
  }

  forget(id: string): void {
    this.#rests.delete(id);
    this.#saver.forget(id);
  }

  #begin(row: AccountRow): Promise<CredentialResult> {
    const work = this.#renew(row)
      .catch((error: unknown) => {
        this.#deps.log.error('token_refresh_broke', { account: row.name, error: codeOf(error) });
        return this.#rest(row.id, 'Its renewed login could not be stored. See the log.', BACK_OFF_MS);
      })
      .finally(() => this.#running.delete(row.id));
    this.#running.set(row.id, work);
    return work;
  }

  async #renew(row: AccountRow): Promise<CredentialResult> {
    const { tokens, vault, clock } = this.#deps;
    const waiting = this.#saver.pending(row.id);
    if (waiting !== undefined) return this.#conclude(row, waiting);
    const used = row.refreshToken;
    if (used === null) return this.#unusable(row, 'No refresh token is stored.');
    const plain = openSecret(vault, used, row.id, 'accounts.refresh_token');
    const answer = await tokens.refresh(row.tokenUrl ?? DEFAULT_TOKEN_URL, plain);
    if (!answer.ok) return this.#refused(row, answer);
    return this.#conclude(row, { used, ...freshTokens(answer, plain, clock.now()) });
  }

  /** Stores first, uses then. */
  #conclude(row: AccountRow, fresh: FreshTokens): CredentialResult {
    const result = this.#saver.save(row.id, fresh);
    if (result === null) return notNow('The account was removed.');
    this.#rests.delete(row.id);
    this.#deps.log.info('token_refreshed', { account: row.name });
    this.#deps.onChange();
    return result;
  }

  /** Where another writer has stored newer tokens meanwhile, the refusal was about tokens nobody needs any more. */
  #refused(row: AccountRow, answer: Extract<TokenAnswer, { ok: false }>): CredentialResult {
    const { book, log, onChange } = this.#deps;
    const stored = book.reload(row.id);
    if (stored === undefined) return notNow('The account was removed.');
    if (!sameLogin(stored, row)) return this.#saver.adopt(stored);
    book.change(row.id, { lastRefreshError: answer.reason });
    log.warn('token_refresh_failed', { account: row.name, definitive: answer.definitive });
    if (answer.definitive) return this.#unusable(row, answer.reason);
    onChange();
    const words = `Its login could not be renewed. ${answer.reason}`;
    return this.#rest(row.id, words, answer.retryAfterMs ?? BACK_OFF_MS);
  }

  #unusable(row: AccountRow, words: string): CredentialResult {
    return { ok: false, problem: markUnusable(this.#deps, row, words) };
  }

  #rest(id: string, reason: string, ms: number): CredentialResult {
    this.#rests.set(id, { until: this.#deps.clock.monotonic() + ms, reason });
    return notNow(reason);
  }
}

function freshTokens(answer: Extract<TokenAnswer, { ok: true }>, old: string, now: number) {
  return {
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken ?? old,
    expiresAt: now + answer.expiresInSeconds * 1000,
    lastRefreshAt: now,
  };
}

function notNow(reason: string): CredentialResult {
  return { ok: false, problem: { definitive: false, reason } };
}

function sameLogin(one: AccountRow, other: AccountRow): boolean {
  const [a, b] = [one.refreshToken, other.refreshToken];
  if (a === null || b === null) return a === b;
  return Buffer.compare(a.bytes, b.bytes) === 0;
}

/** The kind of failure only: its text may be about a secret. */
function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : 'unknown';
}
