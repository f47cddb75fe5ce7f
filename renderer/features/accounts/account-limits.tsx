import { useCallback, useState } from 'react';
import { type AccountView, DEFAULT_BASE_URL, type LimitReading } from '../../../shared/account.ts';
import { useSlice } from '../../api/queries.ts';
import { Hint } from '../../components/hint.tsx';
import { LimitBar } from '../../components/limit-bar.tsx';
import {
  drawableReadings,
  readingOrigin,
  statedReadings,
  statedText,
} from '../../components/limit-reading.ts';
import { useTicking } from '../../components/ticker.ts';
import { LimitHistoryDialog } from './limit-history-dialog.tsx';

/** An account's windows and rates as bars; what is not known is called unknown, never drawn as zero. */
export function AccountLimits({ account }: { account: AccountView }) {
  const readings = drawableReadings(account.readings);
  const stated = statedReadings(account.readings);
  if (readings.length === 0 && stated.length === 0) return <NoLimits account={account} />;
  // Where none of them has a forecast, that is said once and not below each bar.
  const isThin =
    account.forecasts.length > 1 && account.forecasts.every(({ confidence }) => confidence === 'none');
  return (
    <div className="account-limits">
      {readings.map((reading) => (
        <LimitBar
          key={reading.bucket}
          reading={reading}
          forecast={isThin ? undefined : account.forecasts.find(({ bucket }) => bucket === reading.bucket)}
        />
      ))}
      {stated.map((reading) => (
        <StatedLimit key={reading.bucket} reading={reading} />
      ))}
      <div className="limits-foot small">
        <div className="secondary">
          {isThin && <p>Too few readings yet to say how long they last.</p>}
          <SharedWith account={account} />
        </div>
        <History account={account} />
      </div>
    </div>
  );
}

/** A state without a number, with its source and age to hover. */
function StatedLimit({ reading }: { reading: LimitReading }) {
  const text = useTicking(useCallback((now: number) => statedText(reading, now), [reading]));
  const origin = useTicking(useCallback((now: number) => readingOrigin(reading, now), [reading]));
  return (
    <Hint text={origin}>
      <span className="small secondary">
        {text}
        <span className="visually-hidden">. {origin}</span>
      </span>
    </Hint>
  );
}

/** The other accounts that draw from the same windows: using one uses up the other. */
function SharedWith({ account }: { account: AccountView }) {
  const accounts = useSlice('accounts');
  const names = accounts.filter(({ id }) => account.sharesLimitsWith.includes(id)).map(({ name }) => name);
  if (names.length === 0) return null;
  return <p>Shares its limits with {names.join(', ')} (same organisation)</p>;
}

function History({ account }: { account: AccountView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="link-button" onClick={() => setOpen(true)}>
        History
        <span className="visually-hidden"> of the limits of {account.name}</span>
      </button>
      {open && <LimitHistoryDialog account={account} onClose={() => setOpen(false)} />}
    </>
  );
}

function NoLimits({ account }: { account: AccountView }) {
  return <p className="small faint">{unknownWords(account)}</p>;
}

function unknownWords({ baseUrl, lastUsedAt }: AccountView): string {
  if (baseUrl !== DEFAULT_BASE_URL) return 'Limits unknown: this endpoint has sent none.';
  if (lastUsedAt === null) return 'Limits appear here with the first answer.';
  return 'Limits unknown: no answer has stated any yet.';
}
