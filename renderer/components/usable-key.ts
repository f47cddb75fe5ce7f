import type { ClientKeyView } from '../../shared/client-key.ts';

/** The first key that is valid and can be copied; what instructions offer. */
export function usableKey(keys: readonly ClientKeyView[]): ClientKeyView | null {
  return keys.find((key) => key.revokedAt === null && key.copyable) ?? null;
}
