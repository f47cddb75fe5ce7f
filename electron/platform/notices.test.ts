import { describe, expect, it } from 'vitest';
import { noticesBetween } from './notices.ts';
import { sampleAccount, samplePool, sampleState } from './testing/sample-state.ts';

const able = sampleState({ accounts: [sampleAccount()], pool: samplePool() });
const unable = sampleState({
  accounts: [sampleAccount({ state: 'spent' })],
  pool: samplePool({ phase: 'cooling', canServe: 0, backAt: 3_600_000, summary: 'No account can serve.' }),
});
const keys = (...states: Parameters<typeof noticesBetween>) =>
  noticesBetween(...states).map(({ key }) => key);

describe('notices', () => {
  it('none at the start', () => expect(keys(null, unable, 0)).toEqual([]));
  it('none while nothing changes', () => expect(keys(unable, unable, 0)).toEqual([]));
  it('when the last account is used up, with the time of the next', () => {
    const [notice] = noticesBetween(able, unable, 0);
    expect(notice).toMatchObject({ key: 'pool-out', page: 'overview' });
    expect(notice?.body).toContain('Back at');
  });
  it('when one is back', () => expect(keys(unable, able, 0)).toEqual(['pool-back']));
  it('when an account needs its user, once', () => {
    const asked = { ...able, accounts: [sampleAccount({ state: 'sign-in-needed' })] };
    expect(keys(able, asked, 0)).toEqual(['sign-in:a1']);
    expect(keys(asked, asked, 0)).toEqual([]);
  });
  it('offers to sign in again where there is a login, not for a key', () => {
    const offers = (kind: 'oauth' | 'api-key') => {
      const before = sampleState({ accounts: [sampleAccount({ kind })] });
      const after = sampleState({ accounts: [sampleAccount({ kind, state: 'sign-in-needed' })] });
      return noticesBetween(before, after, 0);
    };
    expect(offers('oauth')).toMatchObject([{ page: 'accounts', accountId: 'a1', signIn: true }]);
    expect(offers('api-key')).toMatchObject([{ page: 'accounts', accountId: 'a1', signIn: false }]);
  });
  it('when the proxy could not be started again', () => {
    const engine = { phase: 'failed', restarts: 6, lastError: null } as const;
    expect(keys(able, { ...able, threads: { ...able.threads, engine } }, 0)).toEqual(['engine-failed']);
  });
});
