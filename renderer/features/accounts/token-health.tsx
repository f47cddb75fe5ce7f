import { useCallback } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { useTicking } from '../../components/ticker.ts';
import { Time } from '../../components/time.tsx';

/** Life of a login's token: how long it is valid, when it was renewed, and what went wrong last. */
export function TokenHealth({ account }: { account: AccountView }) {
  const { token } = account;
  if (token === null) return null;
  return (
    <div className="account-note">
      <p>
        {token.renewable ? <RenewableEnd account={account} token={token} /> : <LastEnd token={token} />}
        {token.lastRefreshAt !== null && (
          <>
            {' Renewed '}
            <Time at={token.lastRefreshAt} />.
          </>
        )}
      </p>
      {token.lastRefreshError !== null && !account.reason.includes(token.lastRefreshError) && (
        <p className="account-trouble">The last renewal failed: {token.lastRefreshError}</p>
      )}
    </div>
  );
}

type Token = NonNullable<AccountView['token']>;

function useIsOver(at: number | null): boolean {
  return useTicking(useCallback((now: number) => at !== null && at <= now, [at]));
}

function RenewableEnd({ account, token }: { account: AccountView; token: Token }) {
  const isOver = useIsOver(token.expiresAt);
  if (token.expiresAt === null) return 'The end of its token is not known; it renews itself.';
  if (!isOver && account.state === 'sign-in-needed') return 'Its token is not used any more.';
  if (!isOver) {
    return (
      <>
        {'Token valid until '}
        <Time at={token.expiresAt} show="return" />.
      </>
    );
  }
  return (
    <>
      {'Token ended '}
      <Time at={token.expiresAt} />
      {account.state === 'sign-in-needed' ? '.' : '; it is renewed before the next request.'}
    </>
  );
}

function LastEnd({ token }: { token: Token }) {
  const isOver = useIsOver(token.expiresAt);
  if (token.expiresAt === null) return 'Its token cannot be renewed; when it ends is not known.';
  return (
    <>
      {isOver ? 'Token ended ' : 'Token ends '}
      <Time at={token.expiresAt} show={isOver ? 'relative' : 'return'} />; it cannot be renewed.
    </>
  );
}
