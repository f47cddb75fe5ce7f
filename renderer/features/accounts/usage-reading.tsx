import { useCallback } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { useAction } from '../../api/mutations.ts';
import { useTicking } from '../../components/ticker.ts';
import { Time } from '../../components/time.tsx';

type Check = NonNullable<AccountView['usageCheck']>;

/** Asks the provider's usage page for an account's limits: when that was, when it may be again, and the button. */
export function UsageReading({ account }: { account: AccountView }) {
  if (account.usageCheck === null) return null;
  return <Reading account={account} check={account.usageCheck} />;
}

function Reading({ account, check }: { account: AccountView; check: Check }) {
  const read = useAction('accounts.checkUsage', `Could not read the limits of ${account.name}`);
  const mustWait = useTicking(useCallback((now: number) => check.nextAt > now, [check.nextAt]));
  // Only marked as disabled, so that the focus stays where it is.
  const isOff = mustWait || read.isPending;
  return (
    <div className="account-note usage-reading">
      <p>
        {check.checkedAt === null ? (
          'Usage page not read yet.'
        ) : (
          <>
            {'Usage page read '}
            <Time at={check.checkedAt} />.
          </>
        )}
        {mustWait && (
          <>
            {' Again '}
            <Time at={check.nextAt} />.
          </>
        )}
      </p>
      <button
        type="button"
        className="link-button"
        aria-disabled={isOff}
        onClick={() => {
          if (!isOff) read.mutate({ id: account.id });
        }}
      >
        Read limits now
        <span className="visually-hidden"> for {account.name}</span>
      </button>
      {check.error !== null && <p className="account-trouble">It could not be read: {check.error}</p>}
    </div>
  );
}
