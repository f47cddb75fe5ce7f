import { useCallback } from 'react';
import type { LimitReading } from '../../shared/account.ts';
import type { Forecast } from '../../shared/forecast.ts';
import { formatPercent } from '../../shared/format.ts';
import { confidenceWords, forecastWords } from './forecast-words.ts';
import { Hint } from './hint.tsx';
import {
  hasReset,
  isStale,
  limitLevel,
  paceShare,
  readingOrigin,
  readingText,
  usedShare,
} from './limit-reading.ts';
import { useTicking } from './ticker.ts';
import { Time } from './time.tsx';

type LimitBarProps = {
  reading: LimitReading;
  /** Where it is heading; undefined where nobody can say, as for rates. */
  forecast?: Forecast | undefined;
  /** Leaves the words about reset and forecast to the hover. */
  compact?: boolean;
};

/**
 * Used share of a window or rate (solid), what will be used at its reset (lighter), and a tick where an even pace
 * would stand. Faded when stale.
 */
export function LimitBar({ reading, forecast, compact = false }: LimitBarProps) {
  const share = usedShare(reading) ?? 0;
  const text = useTicking(useCallback((now: number) => readingText(reading, now), [reading]));
  const origin = useTicking(useCallback((now: number) => readingOrigin(reading, now), [reading]));
  const stale = useTicking(useCallback((now: number) => isStale(reading, now), [reading]));
  const reset = useTicking(useCallback((now: number) => hasReset(reading, now), [reading]));
  const outlook = useOutlook(reading, forecast);
  const lines = [text, outlook && outlookSentence(outlook, forecast), origin].filter((line) => line !== '');
  return (
    <Hint text={lines.join('\n')}>
      <div
        className={compact ? 'limit limit-compact' : 'limit'}
        data-level={reset ? 'normal' : limitLevel(reading)}
        data-stale={stale || undefined}
      >
        <span className="truncate">{reading.label}</span>
        <span className="limit-track" role="img" aria-label={lines.join(' ')}>
          {!reset && <ForecastPart share={share} forecast={forecast} />}
          <span className="limit-used" style={{ width: `${Math.min(1, share) * 100}%` }} />
          <PaceTick reading={reading} />
        </span>
        <span className="limit-share">{formatPercent(share)}</span>
        {!compact && <span className="limit-reset truncate">{resetWords(reading, reset)}</span>}
        {!compact && outlook !== '' && (
          <span className="limit-outlook truncate" aria-hidden>
            {outlook}
          </span>
        )}
      </div>
    </Hint>
  );
}

/** Forecast in a few words; empty where there is nothing to say. */
function useOutlook(reading: LimitReading, forecast: Forecast | undefined): string {
  const read = useCallback(
    (now: number) => (forecast ? (forecastWords(reading, forecast, now) ?? '') : ''),
    [reading, forecast],
  );
  return useTicking(read);
}

function outlookSentence(outlook: string, forecast: Forecast | undefined): string {
  const trust = forecast ? confidenceWords(forecast.confidence) : null;
  return trust === null ? `Forecast: ${outlook}.` : `Forecast: ${outlook} (${trust}).`;
}

/** From what is used now to what will be at the reset. */
function ForecastPart({ share, forecast }: { share: number; forecast: Forecast | undefined }) {
  const end = Math.min(1, forecast?.shareAtReset ?? 0);
  return end <= share ? null : <span className="limit-forecast" style={{ width: `${end * 100}%` }} />;
}

function resetWords(reading: LimitReading, reset: boolean) {
  if (reading.resetAt === null) return null;
  if (reset) return 'reset since, not read again';
  return (
    <>
      resets <Time at={reading.resetAt} show="return" />
    </>
  );
}

function PaceTick({ reading }: { reading: LimitReading }) {
  const pace = useTicking(
    useCallback((now: number) => Math.round((paceShare(reading, now) ?? -1) * 200) / 2, [reading]),
  );
  return pace < 0 ? null : <span className="limit-pace" style={{ left: `${pace}%` }} />;
}
