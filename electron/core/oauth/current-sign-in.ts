import type { Clock } from '../clock.ts';
import { AppError, toErrorView } from '../errors.ts';
import type { Audit, Logger } from '../ports.ts';
import type { OauthSessionRow, OauthSessionStore } from '../store-ports.ts';
import { type Attempt, isOpen } from './sign-in-attempt.ts';

/** What keeping the one sign-in needs. */
export type CurrentDeps = {
  store: OauthSessionStore;
  clock: Clock;
  log: Logger;
  audit: Audit;
  onChange(): void;
};

/** The one sign-in that runs, or how the last one ended. Whatever ends it lets go of everything it holds. */
export class CurrentSignIn {
  readonly #deps: CurrentDeps;
  #attempt: Attempt | null = null;

  /** Sessions of an earlier run are removed: no window is left that could finish one. */
  constructor(deps: CurrentDeps) {
    this.#deps = deps;
    deps.store.removeExpired(Number.POSITIVE_INFINITY);
  }

  get(): Attempt | null {
    return this.#attempt;
  }

  /** True while this one may still go on: not over, and not replaced by a newer one. */
  isLive(attempt: Attempt): boolean {
    return this.#attempt === attempt && isOpen(attempt);
  }

  /** True when its time is over, which timers tell late after the computer slept. */
  isLate(attempt: Attempt): boolean {
    return this.#deps.clock.now() >= attempt.expiresAt;
  }

  /** Puts it in the place of the one before. @throws AppError of the store; nothing has changed then */
  begin(attempt: Attempt, row: OauthSessionRow): void {
    const { audit, store, clock } = this.#deps;
    const detail = `${attempt.mode}, ${attempt.way}`;
    audit.write({ ...recordOf(attempt), action: 'sign_in.start', outcome: 'ok', detail });
    store.removeExpired(clock.now());
    store.insert(row);
    this.abandon();
    this.#attempt = attempt;
    this.allow(attempt, attempt.expiresAt - clock.now());
    this.#deps.onChange();
  }

  /** Gives it so much time from now, ms. */
  allow(attempt: Attempt, ms: number): void {
    attempt.timer?.cancel();
    attempt.expiresAt = this.#deps.clock.now() + ms;
    attempt.timer = this.#deps.clock.after(ms, () => this.fail(attempt, expired()));
  }

  /** The session behind it, once. Null when it was used before. @throws AppError of the store */
  take(attempt: Attempt): OauthSessionRow | null {
    return this.#deps.store.take(attempt.id);
  }

  /** Ends it with what went wrong; nothing happens when it is over already. Never throws. */
  fail(attempt: Attempt, error: unknown): void {
    if (!this.isLive(attempt)) return;
    this.#release(attempt);
    attempt.phase = 'failed';
    attempt.error = toErrorView(error);
    const { code } = attempt.error;
    if (!(error instanceof AppError)) this.#deps.log.error('sign_in_broke', { error: nameOf(error) });
    this.#deps.log.info('sign_in_failed', { code });
    this.#putOnRecord({ ...recordOf(attempt), action: 'sign_in.failed', outcome: 'failed', detail: code });
    this.#deps.onChange();
  }

  /** It was saved as this account. Never throws: the account is there whether or not the rest works. */
  succeed(attempt: Attempt, account: { id: string; name: string }): void {
    this.#release(attempt);
    attempt.phase = 'done';
    attempt.accountId = account.id;
    this.#deps.log.info('sign_in_done', { mode: attempt.mode, way: attempt.way });
    const record = { actor: attempt.actor, subject: account.name, action: 'sign_in.done' };
    this.#putOnRecord({ ...record, outcome: 'ok', detail: attempt.mode });
    this.#deps.onChange();
  }

  /** Ends the one that runs, if any; its view stays. */
  abandon(): void {
    if (this.#attempt !== null) this.fail(this.#attempt, cancelled());
  }

  /** Ends it and takes its view away. */
  clear(): void {
    this.abandon();
    this.#attempt = null;
    this.#deps.onChange();
  }

  #release(attempt: Attempt): void {
    attempt.timer?.cancel();
    attempt.listener?.close();
    attempt.timer = null;
    attempt.listener = null;
    attempt.login = null;
    try {
      this.#deps.store.take(attempt.id);
    } catch (error) {
      this.#deps.log.warn('sign_in_session_left', { error: nameOf(error) });
    }
  }

  #putOnRecord(entry: Parameters<Audit['write']>[0]): void {
    try {
      this.#deps.audit.write(entry);
    } catch (error) {
      this.#deps.log.error('sign_in_not_audited', { action: entry.action, error: nameOf(error) });
    }
  }
}

/** The person gave it up. */
export function cancelled(): AppError {
  return new AppError('sign_in_cancelled', 'The sign-in was cancelled. Nothing was saved.');
}

/** Its time ran out. */
export function expired(): AppError {
  const words = 'The sign-in took longer than allowed and was given up. Nothing was saved. Start again.';
  return new AppError('sign_in_expired', words);
}

function recordOf({ actor, target }: Attempt) {
  return { actor, subject: target?.name ?? null };
}

/** The kind of failure only: its text may be about a secret. */
function nameOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
