import { describe, expect, it } from 'vitest';
import type { AccountState, AccountView } from '../../shared/account.ts';
import { sampleAccount } from '../platform/testing/sample-state.ts';
import { poolStateOf } from './account-views.ts';

const account = (state: AccountState, until: number | null = null): AccountView =>
  sampleAccount({ id: `${state}-${until}`, paused: state === 'paused', state, until });

describe('pool state', () => {
  it.each([
    ['empty', [], null],
    ['serving', [account('serving'), account('spent', 50)], null],
    ['cooling', [account('spent', 90), account('cooling', 40), account('sign-in-needed')], 40],
    ['down', [account('sign-in-needed'), account('paused')], null],
  ] as const)('is %s', (phase, accounts, backAt) => {
    expect(poolStateOf({ accounts, nextAccountId: null })).toMatchObject({
      phase,
      backAt,
      total: accounts.length,
    });
  });

  it('counts those that can serve in words', () => {
    expect(
      poolStateOf({ accounts: [account('serving'), account('paused')], nextAccountId: null }).summary,
    ).toBe('1 of 2 accounts can serve.');
  });
});
