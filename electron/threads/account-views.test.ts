import { describe, expect, it } from 'vitest';
import type { AccountState, AccountView } from '../../shared/account.ts';
import { poolStateOf } from './account-views.ts';

const account = (state: AccountState, until: number | null = null): AccountView => ({
  id: `${state}-${until}`,
  name: state,
  kind: 'api-key',
  baseUrl: 'https://api.anthropic.com',
  priority: 0,
  paused: state === 'paused',
  state,
  reason: '',
  until,
  credentialHint: null,
  token: null,
  cooldowns: [],
  readings: [],
  inFlight: 0,
  boundSessions: 0,
  organizationId: null,
  createdAt: 0,
  lastUsedAt: null,
});

describe('pool state', () => {
  it.each([
    ['empty', [], null],
    ['serving', [account('serving'), account('spent', 50)], null],
    ['cooling', [account('spent', 90), account('cooling', 40), account('sign-in-needed')], 40],
    ['down', [account('sign-in-needed'), account('paused')], null],
  ] as const)('is %s', (phase, accounts, backAt) => {
    expect(poolStateOf(accounts, null)).toMatchObject({ phase, backAt, total: accounts.length });
  });

  it('counts those that can serve in words', () => {
    expect(poolStateOf([account('serving'), account('paused')], null).summary).toBe(
      '1 of 2 accounts can serve.',
    );
  });
});
