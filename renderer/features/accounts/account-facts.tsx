import type { AccountView } from '../../../shared/account.ts';
import { formatMoney, formatTokens } from '../../../shared/format.ts';
import type { Totals } from '../../../shared/request-record.ts';
import { Time } from '../../components/time.tsx';

function tokensOf(totals: Totals): number {
  return totals.inputTokens + totals.outputTokens + totals.cacheReadTokens + totals.cacheWriteTokens;
}

/** What an account did today and does now; `today` is undefined when it served nothing. */
export function AccountFacts({ account, today }: { account: AccountView; today: Totals | undefined }) {
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
