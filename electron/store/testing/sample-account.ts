import type { Sealed } from '../../core/ports.ts';
import type { AccountRow } from '../../core/store-ports.ts';

/** A sealed secret for tests: bytes that are easy to find in a file. */
export function sealedText(text: string, keyId = 'key-1'): Sealed {
  return { keyId, bytes: Buffer.from(text) };
}

/** An OAuth account's row with some of its fields changed. */
export function sampleAccount(change: Partial<AccountRow> = {}): AccountRow {
  return {
    id: 'account-1',
    name: 'Work',
    kind: 'oauth',
    baseUrl: 'https://api.anthropic.com',
    tokenUrl: null,
    priority: 3,
    paused: false,
    apiKey: null,
    accessToken: sealedText('access-0'),
    refreshToken: sealedText('refresh-0'),
    expiresAt: 1_800_000_000_000,
    credentialHint: null,
    credentialState: 'ok',
    credentialWords: null,
    provisionedMark: null,
    lastRefreshAt: null,
    lastRefreshError: null,
    organizationId: null,
    providerAccountId: null,
    email: null,
    organizationName: null,
    plan: null,
    consentAt: null,
    headerStyle: 'x-api-key',
    modelMap: {},
    createdAt: 1_700_000_000_000,
    lastUsedAt: null,
    ...change,
  };
}
