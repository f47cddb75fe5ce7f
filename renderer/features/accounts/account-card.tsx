import { type RefCallback, useCallback } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import type { Totals } from '../../../shared/request-record.ts';
import { StateMark } from '../../components/state-mark.tsx';
import { Time } from '../../components/time.tsx';
import { AccountFacts } from './account-facts.tsx';
import { AccountLimits } from './account-limits.tsx';
import { AccountMenu } from './account-menu.tsx';
import { AccountOutlook } from './account-outlook.tsx';
import { endpointWords, kindWords, ownerWords } from './account-words.ts';
import { CooldownPanel } from './cooldown-panel.tsx';
import { CredentialAction } from './credential-action.tsx';
import { TokenHealth } from './token-health.tsx';
import { UsageReading } from './usage-reading.tsx';

type AccountCardProps = {
  account: AccountView;
  /** Sums of the user's day; undefined when the account served nothing. */
  today: Totals | undefined;
  /** Asked for by address: it scrolls into view and shows an outline. */
  focused: boolean;
};

/** One account: whose it is, state and reason, the way back, limits, what stops it, and what it did today. */
export function AccountCard({ account, today, focused }: AccountCardProps) {
  const reveal: RefCallback<HTMLElement> = useCallback(
    (element) => {
      if (focused) element?.scrollIntoView({ block: 'nearest' });
    },
    [focused],
  );
  return (
    <article
      ref={reveal}
      className="account-card"
      aria-label={account.name}
      data-serving={account.state === 'serving' || undefined}
      data-focus={focused || undefined}
    >
      <Head account={account} />
      <p className="account-reason">
        {account.reason}
        {account.until !== null && (
          <>
            {' Back at '}
            <Time at={account.until} show="return" />.
          </>
        )}
      </p>
      <CredentialAction account={account} />
      <AccountLimits account={account} />
      <AccountOutlook account={account} />
      <UsageReading account={account} />
      {account.cooldowns.map((cooldown) => (
        <CooldownPanel key={cooldown.bucket} account={account} cooldown={cooldown} />
      ))}
      <TokenHealth account={account} />
      <AccountFacts account={account} today={today} />
    </article>
  );
}

function Head({ account }: { account: AccountView }) {
  const lines = [kindWords(account), ownerWords(account), endpointWords(account)];
  return (
    <header className="account-head">
      <h2 className="account-name truncate" title={account.name}>
        {account.name}
      </h2>
      <StateMark state={account.state} />
      <AccountMenu account={account} />
      {lines.map(
        (line) =>
          line !== null && (
            <span key={line} className="account-kind truncate" title={line}>
              {line}
            </span>
          ),
      )}
    </header>
  );
}
