import { z } from 'zod';

/**
 * Every error code the app can show or send, in one catalogue. Codes are stable: the dashboard chooses its
 * words and the next step by code, tests assert codes, and users quote them.
 */
export const ERROR_CODES = [
  // Input and state
  'invalid_input',
  'not_found',
  'name_taken',
  'conflict',
  'internal',
  // Start and port
  'bad_flag',
  'file_unreadable',
  'file_invalid',
  'port_in_use',
  'port_forbidden',
  'data_dir_unusable',
  // Vault and secrets
  'vault_locked',
  'vault_unavailable',
  'wrong_passphrase',
  'secret_unreadable',
  // Store
  'database_newer',
  'database_damaged',
  'database_busy',
  // Threads
  'thread_down',
  'timeout',
  // Tokens
  'sign_in_needed',
  'refresh_failed',
  // Signing in
  'sign_in_cancelled',
  'sign_in_denied',
  'sign_in_expired',
  'sign_in_state',
  'sign_in_refused',
  'sign_in_unreachable',
  'duplicate_account',
  'other_account',
  'consent_needed',
  // Import and clients
  'import_unreadable',
  'import_newer',
  'client_settings_unreadable',
  'client_settings_changed',
] as const;

/** One of the stable error codes. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error as it crosses a thread or IPC border: never a stack, a path of the user's, or a secret. */
export const errorViewSchema = z.object({
  code: z.enum(ERROR_CODES),
  /** One plain sentence: what happened and what to do. */
  message: z.string().max(2000),
});

/** See {@link errorViewSchema}. */
export type ErrorView = z.infer<typeof errorViewSchema>;
