import type { AccountView } from '../../../shared/account.ts';
import { useSlice } from '../../api/queries.ts';
import { hrefOf } from '../../app/routes.ts';
import { LimitBar } from '../../components/limit-bar.tsx';
import { drawableReadings, windowLength } from '../../components/limit-reading.ts';
import { StateMark, stateWord } from '../../components/state-mark.tsx';
import { Time } from '../../components/time.tsx';

/** Bars per account here; the rest is on its card. */
const MAX_BARS = 3;

/** All accounts at once: state and windows. */
export function AccountsGlance() {
  const accounts = useSlice('accounts');
  return (
    <section aria-labelledby="glance-title">
      <div className="section-head">
        <h2 id="glance-title">Accounts</h2>
        <a href={hrefOf('accounts')}>Details</a>
      </div>
      {accounts.length === 0 && <p className="small faint glance-none">No accounts yet.</p>}
      <ul>
        {accounts.map((account) => (
          <GlanceRow key={account.id} account={account} />
        ))}
      </ul>
    </section>
  );
}

function GlanceRow({ account }: { account: AccountView }) {
  const readings = glanceReadings(account);
  return (
    <li className="glance">
      <div className="glance-name">
        <a href={hrefOf('accounts', account.id)}>
          <StateMark state={account.state} bare />
          <span className="truncate">{account.name}</span>
        </a>
        <span className="small secondary truncate" title={account.reason}>
          {stateWord(account.state)}
          {account.until !== null && (
            <>
              {', back '}
              <Time at={account.until} show="clock" />
            </>
          )}
        </span>
      </div>
      <div className="glance-limits">
        {readings.map((reading) => (
          <LimitBar
            key={reading.bucket}
            reading={reading}
            forecast={account.forecasts.find(({ bucket }) => bucket === reading.bucket)}
            compact
          />
        ))}
        {readings.length === 0 && <span className="small faint">No limits seen yet</span>}
      </div>
    </li>
  );
}

/** Windows are what people plan by; rates stand in only where there are none. */
function glanceReadings(account: AccountView) {
  const drawable = drawableReadings(account.readings);
  const windows = drawable.filter((reading) => windowLength(reading.bucket) !== null);
  return (windows.length > 0 ? windows : drawable).slice(0, MAX_BARS);
}
