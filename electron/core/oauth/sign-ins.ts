import type { CallInput } from '../../../shared/ipc/contract.ts';
import type { SignInView } from '../../../shared/sign-in.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Actor, Audit, Logger, SettingsSource, SignInAccounts, Vault } from '../ports.ts';
import type { OauthSessionStore } from '../store-ports.ts';
import type { SignInTicket } from '../thread-contract.ts';
import { createAccountApi } from './account-api.ts';
import { CurrentSignIn, cancelled, expired } from './current-sign-in.ts';
import { openLoopbackListener } from './loopback-listener.ts';
import { plainWords } from './plain-words.ts';
import type { ProviderRequest } from './provider-request.ts';
import { leadsTo, type Redirect, readRedirect } from './redirect.ts';
import { claimOf, readPasted } from './sign-in-answer.ts';
import { type Attempt, isOpen, viewOf } from './sign-in-attempt.ts';
import { type Beginning, openSignIn, targetOf } from './sign-in-opening.ts';
import { completeSignIn, type SavingDeps, saveNew } from './sign-in-saving.ts';
import type { CodeExchange } from './token-client.ts';

/** What signing in needs. */
export type SignInsDeps = {
  store: OauthSessionStore;
  vault: Vault;
  clock: Clock;
  log: Logger;
  audit: Audit;
  settings: SettingsSource;
  tokens: CodeExchange;
  request: ProviderRequest;
  accounts: SignInAccounts;
  /** The view has changed. */
  onChange(): void;
};

/** Signing in, one at a time. What goes wrong on the way is in the view; only wrong calls throw. */
export type SignIns = {
  view(): SignInView | null;
  /**
   * Begins one in place of any other.
   * @throws AppError `consent_needed`, `not_found`, `conflict`, `vault_locked`; `sign_in_cancelled` when a newer start
   * was faster
   */
  start(input: CallInput<'signIn.start'>, actor: Actor): Promise<SignInTicket>;
  /** The window was about to go to this address. Resolves when the answer has been dealt with. */
  redirected(id: string, url: string): Promise<void>;
  /** `reason`: why the page could not be shown; null when the person closed it. */
  windowClosed(id: string, reason: string | null): void;
  /** @throws AppError `invalid_input`, `not_found` */
  paste(id: string, text: string): Promise<void>;
  /** @throws AppError `not_found`, `sign_in_expired`, `duplicate_account`, `name_taken` and others of the accounts */
  confirm(input: CallInput<'signIn.confirm'>, actor: Actor): { id: string };
  cancel(id: string): void;
  close(): void;
};

/** See {@link SignIns}. Sessions that an earlier run left are removed at once. */
export function createSignIns(deps: SignInsDeps): SignIns {
  return new SignInFlow(deps);
}

class SignInFlow implements SignIns {
  readonly #deps: SignInsDeps;
  readonly #current: CurrentSignIn;
  readonly #saving: SavingDeps;
  /** Counts starts, since opening a listener takes a moment in which another may begin. */
  #turn = 0;

  constructor(deps: SignInsDeps) {
    this.#deps = deps;
    this.#current = new CurrentSignIn(deps);
    this.#saving = { ...deps, api: createAccountApi(deps.request), current: this.#current };
  }

  view(): SignInView | null {
    const attempt = this.#current.get();
    return attempt === null ? null : viewOf(attempt);
  }

  async start(input: CallInput<'signIn.start'>, actor: Actor): Promise<SignInTicket> {
    const { mode, way, accountId, consent } = input;
    if (mode === 'subscription' && !consent) throw consentNeeded();
    const target = accountId === undefined ? null : targetOf(this.#deps.accounts, mode, accountId);
    this.#current.abandon();
    this.#turn += 1;
    const turn = this.#turn;
    if (way !== 'browser') return this.#begin({ mode, way, actor, target, listener: null });
    const waiting: { attempt: Attempt | null } = { attempt: null };
    const listener = await openLoopbackListener((url) => this.#cameBack(waiting.attempt, url));
    try {
      if (turn !== this.#turn) throw cancelled();
      const ticket = this.#begin({ mode, way, actor, target, listener });
      waiting.attempt = this.#current.get();
      return ticket;
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  async redirected(id: string, url: string): Promise<void> {
    const attempt = this.#waiting(id);
    if (attempt === null) return;
    const isOurs = leadsTo(attempt.redirectUri, url);
    await this.#arrive(attempt, isOurs ? readRedirect(url) : { kind: 'unreadable' }).settled;
  }

  windowClosed(id: string, reason: string | null): void {
    const attempt = this.#waiting(id);
    if (attempt?.way === 'window')
      this.#current.fail(attempt, reason === null ? cancelled() : notShown(reason));
  }

  async paste(id: string, text: string): Promise<void> {
    const attempt = this.#current.get();
    if (attempt?.id !== id || !isOpen(attempt)) throw isOver();
    if (attempt.phase !== 'waiting') return;
    await this.#arrive(attempt, readPasted(text)).settled;
  }

  confirm({ id, name, priority }: CallInput<'signIn.confirm'>, actor: Actor): { id: string } {
    const attempt = this.#current.get();
    if (attempt?.id !== id || attempt.phase !== 'confirm') throw isOver();
    if (this.#current.isLate(attempt)) {
      this.#current.fail(attempt, expired());
      throw expired();
    }
    return saveNew(this.#saving, attempt, { name, priority }, actor);
  }

  cancel(id: string): void {
    if (this.#current.get()?.id === id) this.#current.clear();
  }

  close(): void {
    this.#turn += 1;
    this.#current.clear();
  }

  #begin(beginning: Beginning): SignInTicket {
    const { vault, settings, clock, log } = this.#deps;
    const context = { vault, settings: settings.current(), now: clock.now() };
    const { attempt, row, ticket } = openSignIn(context, beginning);
    this.#current.begin(attempt, row);
    log.info('sign_in_started', { mode: attempt.mode, way: attempt.way });
    return ticket;
  }

  #waiting(id: string): Attempt | null {
    const attempt = this.#current.get();
    return attempt?.id === id && attempt.phase === 'waiting' ? attempt : null;
  }

  /** The listener has closed itself by now and only sends its page; true when the answer was believed. */
  #cameBack(attempt: Attempt | null, url: string): boolean {
    if (attempt === null || this.#waiting(attempt.id) === null) return false;
    attempt.listener = null;
    return this.#arrive(attempt, readRedirect(url)).accepted;
  }

  /** Takes the one answer a sign-in gets. `settled` never rejects. */
  #arrive(attempt: Attempt, redirect: Redirect): { accepted: boolean; settled: Promise<void> } {
    try {
      const row = this.#current.take(attempt);
      if (row === null || this.#current.isLate(attempt)) throw expired();
      const claim = claimOf(this.#deps.vault, row, redirect);
      attempt.phase = 'exchanging';
      this.#deps.onChange();
      const settled = completeSignIn(this.#saving, attempt, claim).then(
        () => this.#deps.onChange(),
        (error: unknown) => this.#current.fail(attempt, error),
      );
      return { accepted: true, settled };
    } catch (error) {
      this.#current.fail(attempt, error);
      return { accepted: false, settled: Promise.resolve() };
    }
  }
}

function consentNeeded(): AppError {
  const words = 'Agree to the notice about subscription logins first, or add an API key instead.';
  return new AppError('consent_needed', words);
}

function isOver(): AppError {
  return new AppError('not_found', 'This sign-in is over. Start again.');
}

function notShown(reason: string): AppError {
  const words = `The sign-in page could not be shown (${plainWords(reason, 200)}). Check the network, then start again, or sign in with the browser.`;
  return new AppError('sign_in_unreachable', words);
}
