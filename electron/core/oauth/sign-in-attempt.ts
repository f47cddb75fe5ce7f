import type { AccountKind } from '../../../shared/account.ts';
import type { ErrorView } from '../../../shared/errors.ts';
import type { Identity, SignInMode, SignInView, SignInWay } from '../../../shared/sign-in.ts';
import type { Timer } from '../clock.ts';
import type { Actor, LoginTokens } from '../ports.ts';
import type { LoopbackListener } from './loopback-listener.ts';

/** What a sign-in brought, in memory only until it is saved. */
export type Login =
  | { readonly kind: 'tokens'; readonly tokens: LoginTokens }
  | { readonly kind: 'key'; readonly apiKey: string };

/** An account that signs in again. */
export type Target = { readonly id: string; readonly name: string; readonly identity: Identity };

/** One sign-in from its start to its end. */
export type Attempt = {
  readonly id: string;
  readonly mode: SignInMode;
  readonly way: SignInWay;
  readonly actor: Actor;
  /** Null when it makes a new account. */
  readonly target: Target | null;
  readonly redirectUri: string;
  /** UTC ms. */
  readonly startedAt: number;
  phase: SignInView['phase'];
  /** UTC ms. */
  expiresAt: number;
  accountId: string | null;
  identity: Identity | null;
  suggestedName: string | null;
  duplicateOf: { readonly id: string; readonly name: string } | null;
  error: ErrorView | null;
  login: Login | null;
  timer: Timer | null;
  listener: LoopbackListener | null;
};

/** The kind of account that a mode makes. */
export const KIND_OF: Readonly<Record<SignInMode, AccountKind>> = {
  subscription: 'oauth',
  console: 'api-key',
};

/** What the window may see: there is no field for a secret to travel in. */
export function viewOf(attempt: Attempt): SignInView {
  const { id, mode, way, phase, accountId, startedAt, expiresAt } = attempt;
  const { identity, suggestedName, duplicateOf, error } = attempt;
  return {
    id,
    mode,
    way,
    phase,
    accountId,
    startedAt,
    expiresAt,
    identity,
    suggestedName,
    duplicateOf,
    error,
  };
}

/** True until it is done or has failed. */
export function isOpen(attempt: Attempt): boolean {
  return attempt.phase !== 'done' && attempt.phase !== 'failed';
}
