import { type RefCallback, useCallback } from 'react';
import { type AccountView, DEFAULT_BASE_URL } from '../../../shared/account.ts';
import { formatMoney, formatTokens } from '../../../shared/format.ts';
import type { Totals } from '../../../shared/request-record.ts';
import { LimitBar } from '../../components/limit-bar.tsx';
import { drawableReadings } from '../../components/limit-reading.ts';
import { StateMark } from '../../components/state-mark.tsx';
import { Time } from '../../components/time.tsx';
import { AccountMenu } from './account-menu.tsx';
import { CooldownPanel } from './cooldown-panel.tsx';

type AccountCardProps = {
  account: AccountView;
  /** Sums of the user's day; undefined when the account served nothing. */
  today: Totals | undefined;
  /** Asked for by address: it scrolls into view and shows an outline. */
  focused: boolean;
};

/** One account: state and reason, limits, what stops it, and what it did today. */
export function AccountCard({ account, today, focused }: AccountCardProps) {
  const readings = drawableReadings(account.readings);
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
      <header className="account-head">
        <h2 className="account-name truncate">{account.name}</h2>
        <StateMark state={account.state} />
        <AccountMenu account={account} />
        <span className="account-kind truncate">{kindWords(account)}</span>
      </header>
      <p className="account-reason">
        {account.reason}
        {account.until !== null && (
          <>
            {' Back at '}
            <Time at={account.until} show="return" />.
          </>
        )}
      </p>
      <Limits account={account} shown={readings.length > 0}>
        {readings.map((reading) => (
          <LimitBar key={reading.bucket} reading={reading} />
        ))}
      </Limits>
      {account.cooldowns.map((cooldown) => (
        <CooldownPanel key={cooldown.bucket} account={account} cooldown={cooldown} />
      ))}
      <Facts account={account} today={today} />
    </article>
  );
}

function Limits({
  account,
  shown,
  children,
}: {
  account: AccountView;
  shown: boolean;
  children: React.ReactNode;
}) {
  if (shown) return <div className="account-limits">{children}</div>;
  if (account.lastUsedAt !== null) return null;
  return <p className="small faint">Limits appear here with the first answer.</p>;
}

/** "API key …a1b2, priority 10, https://gateway.example". */
function kindWords(account: AccountView): string {
  const kind = account.kind === 'api-key' ? 'API key' : 'Subscription';
  const hint = account.credentialHint === null ? '' : ` …${account.credentialHint}`;
  const address = account.baseUrl === DEFAULT_BASE_URL ? '' : `, ${account.baseUrl}`;
  return `${kind}${hint}, priority ${account.priority}${address}`;
}

function tokensOf(totals: Totals): number {
  return totals.inputTokens + totals.outputTokens + totals.cacheReadTokens + totals.cacheWriteTokens;
}

function Facts({ account, today }: { account: AccountView; today: Totals | undefined }) {
  return (
    <div className="account-facts">
      {today ? (
        <>
          <span>
            Today <strong>{formatTokens(today.requests)}</strong>{' '}
            {today.requests === 1 ? 'request' : 'requests'}
          </span>
          <span>
            <strong>{formatTokens(tokensOf(today))}</strong> tokens
          </span>
          <TodayCost account={account} today={today} />
        </>
      ) : (
        <span>Nothing today</span>
      )}
      {account.inFlight > 0 && (
        <span>
          <strong>{account.inFlight}</strong> in progress
        </span>
      )}
      {account.boundSessions > 0 && (
        <span>
          <strong>{account.boundSessions}</strong> {account.boundSessions === 1 ? 'session' : 'sessions'}
        </span>
      )}
      {account.lastUsedAt !== null && (
        <span>
          last used <Time at={account.lastUsedAt} />
        </span>
      )}
    </div>
  );
}

/** Money for API keys, worth for subscriptions; never the one under the other's name. */
function TodayCost({ account, today }: { account: AccountView; today: Totals }) {
  if (account.kind === 'api-key') {
    return (
      <span>
        <strong>{formatMoney(today.spentNanoUsd)}</strong> spent
      </span>
    );
  }
  return (
    <span title="What the API would have charged; not money spent">
      worth <strong>{formatMoney(today.worthNanoUsd)}</strong>
    </span>
  );
}
