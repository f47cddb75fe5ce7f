import type { Sealed, Vault } from '../ports.ts';

/** Column of a secret as bound into its ciphertext: a secret moved to another place does not open. */
export type SecretColumn = 'accounts.api_key' | 'accounts.access_token' | 'accounts.refresh_token';

/** Opens an account's secret. @throws AppError `vault_locked`, `secret_unreadable` */
export function openSecret(vault: Vault, sealed: Sealed, accountId: string, column: SecretColumn): string {
  return vault.open(sealed, accountId, column);
}

/** Seals a secret for its place. @throws AppError `vault_locked` */
export function sealSecret(vault: Vault, plain: string, accountId: string, column: SecretColumn): Sealed {
  return vault.seal(plain, accountId, column);
}
