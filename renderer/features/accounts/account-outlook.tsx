import type { AccountView } from '../../../shared/account.ts';
import { formatMoney } from '../../../shared/format.ts';
import { confidenceWords, firstEmpty } from '../../components/forecast-words.ts';
import { useTicking } from '../../components/ticker.ts';
import { Time } from '../../components/time.tsx';

/** Until when an account lasts and what it cost this month; nothing where neither can be said. */
export function AccountOutlook({ account }: { account: AccountView }) {
  const spend = spendWords(account);
  if (spend === null && !hasOutlook(account)) return null;
  return (
    <div className="account-note account-outlook">
      {hasOutlook(account) && (
        <p>
          <Outlook account={account} />
        </p>
      )}
      {spend !== null && <p>{spend}</p>}
    </div>
  );
}

/** A spent or unusable account says so already. */
function hasOutlook({ state, forecasts }: AccountView): boolean {
  const said = forecasts.some(({ confidence }) => confidence !== 'none');
  return said && (state === 'serving' || state === 'ready');
}

function Outlook({ account: { forecasts } }: { account: AccountView }) {
  const first = firstEmpty(forecasts);
  const isOver = useTicking((now) => first !== null && first.emptyAt <= now);
  if (first === null) return 'At this pace all its windows last until they reset.';
  if (isOver) {
    return (
      <>
        Its {first.label} is used up
        {first.resetAt !== null && (
          <>
            {' until '}
            <Time at={first.resetAt} show="return" />
          </>
        )}
        .
      </>
    );
  }
  return (
    <>
      At this pace its {first.label} is empty <Time at={first.emptyAt} show="return" />
      {first.resetAt !== null && (
        <>
          {' and resets '}
          <Time at={first.resetAt} show="clock" />
        </>
      )}
      , {confidenceWords(first.confidence)}.
    </>
  );
}

/** API keys cost all they serve; a subscription costs what it serves beyond its plan. */
function spendWords({ kind, spentThisMonthNanoUsd }: AccountView): string | null {
  if (kind === 'api-key') return `${formatMoney(spentThisMonthNanoUsd)} this month`;
  return spentThisMonthNanoUsd > 0 ? `${formatMoney(spentThisMonthNanoUsd)} paid overage this month` : null;
}
