import { z } from 'zod';
import { errorViewSchema } from './errors.ts';

/**
 * What a sign-in is for. `subscription`: the login itself becomes the account. `console`: the login makes an API
 * key of the organisation, the key becomes the account and the login is dropped.
 */
export const SIGN_IN_MODES = ['subscription', 'console'] as const;

/** See {@link SIGN_IN_MODES}. */
export type SignInMode = (typeof SIGN_IN_MODES)[number];

/**
 * Where the person signs in. `window`: a window of the app, which catches the redirect. `browser`: the system's
 * browser, which comes back to a listener on 127.0.0.1. `paste`: the system's browser, which shows a code to paste.
 */
export const SIGN_IN_WAYS = ['window', 'browser', 'paste'] as const;

/** See {@link SIGN_IN_WAYS}. */
export type SignInWay = (typeof SIGN_IN_WAYS)[number];

/** Whose login it turned out to be, as the provider's profile says; null where it says nothing. */
export const identitySchema = z.object({
  accountId: z.string().nullable(),
  email: z.string().nullable(),
  organizationId: z.string().nullable(),
  organizationName: z.string().nullable(),
  /** Plain words such as `Max 5x`, `Pro`, `Team`, `API`. */
  plan: z.string().nullable(),
});

/** See {@link identitySchema}. */
export type Identity = z.infer<typeof identitySchema>;

/**
 * The sign-in that runs, or how the last one ended; null when there is none to show. `waiting`: the person is
 * signing in. `exchanging`: the provider's answer is being turned into tokens. `confirm`: everything is known and
 * nothing is saved yet. `done`: saved as `accountId`. `failed`: see `error`.
 */
export const signInViewSchema = z.object({
  id: z.string(),
  mode: z.enum(SIGN_IN_MODES),
  way: z.enum(SIGN_IN_WAYS),
  phase: z.enum(['waiting', 'exchanging', 'confirm', 'done', 'failed']),
  /** The account that signs in again, or (phase `done`) the account that was made. */
  accountId: z.string().nullable(),
  startedAt: z.number(),
  /** UTC ms at which it is given up. */
  expiresAt: z.number(),
  identity: identitySchema.nullable(),
  /** A free name made from the identity. */
  suggestedName: z.string().nullable(),
  /** An account of ours that is this login already; saving is refused then. */
  duplicateOf: z.object({ id: z.string(), name: z.string() }).nullable(),
  error: errorViewSchema.nullable(),
});

/** See {@link signInViewSchema}. */
export type SignInView = z.infer<typeof signInViewSchema>;
