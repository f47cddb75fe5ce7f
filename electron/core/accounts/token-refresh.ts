import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { TokenAnswer, TokenClient } from '../oauth/token-client.ts';
import type { CredentialResult, Logger, SettingsSource, Vault } from '../ports.ts';
import type { AccountRow, AccountStore } from '../store-ports.ts';
import { type MarkingDeps, markUnusable } from './credential-state.ts';
import { createRefreshRecord, type RefreshRecord } from './refresh-record.ts';
import { openSecret } from './secret-places.ts';
import { TOKEN_ENDED } from './token-ends.ts';
import { createTokenSaver, type FreshTokens, type TokenSaver } from './token-saver.ts';

/** Pause after a failed refresh, ms, where the endpoint asked for none. */
const BACK_OFF_MS = 60_000;

/** Tokens that the disk did not take are stored again this much later, ms: a crash until then would cost the login. */
const STORE_AGAIN_MS = 15_000;

/** What refreshing needs. */
export type RefreshDeps = MarkingDeps & {
  store: AccountStore;
  vault: Vault;
  clock: Clock;
  log: Logger;
  tokens: TokenClient;
  settings: SettingsSource;
};

/** Shortest pause after any failed refresh, ms: some endpoints ask for one of 0 s, and every request would ask them again. */
const MIN_REST_MS = 5000;

/** `asked`: the endpoint itself named a longer pause, which waking up does not end. */
type Rest = { readonly until: number; readonly reason: string; readonly asked: boolean };

/** Renews OAuth tokens; one call per account at a time, whoever asks. */
export class TokenRefresh {
  readonly #deps: RefreshDeps;
  readonly #saver: TokenSaver;
  readonly #record: RefreshRecord;
  readonly #running = new Map<string, Promise<CredentialResult>>();
  readonly #rests = new Map<string, Rest>();
  #closed = false;

  constructor(deps: RefreshDeps) {
    this.#deps = deps;
    this.#saver = createTokenSaver(deps);
    this.#record = createRefreshRecord(deps);
  }

  /** Joins the running refresh or starts one; within a back-off it answers at once. Never rejects. */
  async refresh(id: string): Promise<CredentialResult> {
    const joined = this.#running.get(id);
    if (joined !== undefined) return await joined;
    const row = this.#deps.book.row(id);
    if (row === undefined) return notNow('The account was removed.');
    if (this.#closed) return notNow('The app is closing.');
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

  /** Ends the back-offs that the endpoint did not ask for, as after waking up. */
  endRests(): void {
    for (const [id, { asked }] of this.#rests) if (!asked) this.#rests.delete(id);
  }

  /**
   * Begins none any more, and waits for those that run: tokens that come too late to be stored would be lost, and
   * with them the login. Never rejects.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running.values());
  }

  /** True while any account's tokens are being renewed. */
  get running(): boolean {
    return this.#running.size > 0;
  }

  /** Tries again to store tokens that the disk did not take. */
  saveAgain(): void {
    this.#saver.saveAgain();
  }

  forget(id: string): void {
    this.#rests.delete(id);
    this.#saver.forget(id);
    this.#record.forget(id);
  }

  #begin(row: AccountRow): Promise<CredentialResult> {
    const work = this.#renew(row)
      .catch((error: unknown) => {
        this.#deps.log.error('token_refresh_broke', { account: row.name, error: codeOf(error) });
        const words = brokenWords(error);
        this.#record.failed(row, words, false);
        this.#storeSoon(row.id);
        return this.#rest(row.id, words, null);
      })
      .finally(() => this.#running.delete(row.id));
    this.#running.set(row.id, work);
    return work;
  }

  #storeSoon(id: string): void {
    if (this.#saver.pending(id) === undefined) return;
    this.#deps.clock.after(STORE_AGAIN_MS, () => {
      if (this.#saver.pending(id) === undefined) return;
      this.#rests.delete(id);
      this.start(id);
    });
  }

  async #renew(row: AccountRow): Promise<CredentialResult> {
    const { tokens, vault, clock, settings } = this.#deps;
    const waiting = this.#saver.pending(row.id);
    if (waiting !== undefined) return this.#conclude(row, waiting);
    const used = row.refreshToken;
    if (used === null) return this.#unusable(row, TOKEN_ENDED);
    const plain = openSecret(vault, used, row.id, 'accounts.refresh_token');
    const answer = await tokens.refresh(row.tokenUrl ?? settings.current().oauthTokenUrl, plain);
    if (!answer.ok) return this.#refused(row, answer);
    return this.#conclude(row, { used, ...freshTokens(answer, plain, clock.now()) });
  }

  /** Stores first, uses then. */
  #conclude(row: AccountRow, fresh: FreshTokens): CredentialResult {
    const saved = this.#saver.save(row.id, fresh);
    if (saved === null) return notNow('The account was removed.');
    this.#rests.delete(row.id);
    if (saved.isOurs) {
      this.#deps.log.info('token_refreshed', { account: row.name });
      this.#record.renewed(row);
    }
    this.#deps.onChange();
    return saved.result;
  }

  /** Where another writer has stored newer tokens meanwhile, the refusal was about tokens nobody needs any more. */
  #refused(row: AccountRow, answer: Extract<TokenAnswer, { ok: false }>): CredentialResult {
    const { book, log, onChange } = this.#deps;
    const stored = book.reload(row.id);
    if (stored === undefined) return notNow('The account was removed.');
    if (!sameLogin(stored, row)) return this.#saver.adopt(stored);
    book.change(row.id, { lastRefreshError: answer.reason });
    log.warn('token_refresh_failed', { account: row.name, definitive: answer.definitive });
    this.#record.failed(row, answer.reason, answer.definitive);
    if (answer.definitive) return this.#unusable(row, answer.reason);
    onChange();
    const words = `Its login could not be renewed. ${answer.reason}`;
    return this.#rest(row.id, words, answer.retryAfterMs);
  }

  #unusable(row: AccountRow, words: string): CredentialResult {
    return { ok: false, problem: markUnusable(this.#deps, row, words) };
  }

  #rest(id: string, reason: string, askedMs: number | null): CredentialResult {
    const until = this.#deps.clock.monotonic() + Math.max(askedMs ?? BACK_OFF_MS, MIN_REST_MS);
    this.#rests.set(id, { until, reason, asked: askedMs !== null && askedMs > BACK_OFF_MS });
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

function brokenWords(error: unknown): string {
  const code = error instanceof AppError ? error.code : null;
  if (code === 'vault_locked') return 'Its login is locked. Unlock the vault to use it.';
  if (code === 'secret_unreadable') return 'Its stored login cannot be read on this computer. Sign in again.';
  return 'Its renewed login could not be stored. See the log.';
}

/** The kind of failure only: its text may be about a secret. */
function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : 'unknown';
}
