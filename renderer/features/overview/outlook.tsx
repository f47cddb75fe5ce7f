import { Hourglass } from 'lucide-react';
import type { PoolState } from '../../../shared/app-state.ts';
import type { PoolForecast } from '../../../shared/forecast.ts';
import { formatPercent } from '../../../shared/format.ts';
import { useFromState } from '../../api/queries.ts';
import { hrefOf } from '../../app/routes.ts';
import { confidenceWords } from '../../components/forecast-words.ts';
import { Hint } from '../../components/hint.tsx';
import { Time } from '../../components/time.tsx';

/** What is ahead: how long the pool lasts, which week would expire unused, and who is waiting. */
export function Outlook({ pool }: { pool: PoolState }) {
  return (
    <>
      {pool.held > 0 && <Held held={pool.held} known={pool.backAt !== null} />}
      {pool.phase !== 'empty' && <PoolWords forecast={pool.forecast} />}
      {pool.forecast.expiring !== null && <Expiring expiring={pool.forecast.expiring} />}
    </>
  );
}

/** `known`: the headline counts down until then. */
function Held({ held, known }: { held: number; known: boolean }) {
  return (
    <p className="headline-line outlook-held">
      <Hourglass size={14} aria-hidden />
      <span>
        {held === 1 ? '1 request is held' : `${held} requests are held`}{' '}
        {known ? 'until then' : 'until an account is back'}
      </span>
    </p>
  );
}

function PoolWords({ forecast: { words, confidence } }: { forecast: PoolForecast }) {
  const trust = confidenceWords(confidence);
  if (trust === null) return <p className="headline-line">{words}</p>;
  return (
    <p className="headline-line">
      <Hint text={`Forecast ${trust}`}>
        <span>
          {words}
          <span className="visually-hidden"> Forecast {trust}.</span>
        </span>
      </Hint>
    </p>
  );
}

function Expiring({ expiring }: { expiring: NonNullable<PoolForecast['expiring']> }) {
  const { accountId, unusedShare, resetAt } = expiring;
  const name = useFromState((state) => state.accounts.find(({ id }) => id === accountId)?.name ?? null);
  if (name === null) return null;
  return (
    <p className="headline-line">
      The week of <a href={hrefOf('accounts', accountId)}>{name}</a> ends <Time at={resetAt} show="return" />{' '}
      with about {formatPercent(unusedShare)} unused: use it or lose it.
    </p>
  );
}
