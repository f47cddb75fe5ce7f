import { useCallback } from 'react';
import type { LimitReading } from '../../shared/account.ts';
import { formatPercent } from '../../shared/format.ts';
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
  /** Leaves the reset time to the hover. */
  compact?: boolean;
};

/** Used share of a window or rate, with a tick where an even pace would stand. Faded when stale. */
export function LimitBar({ reading, compact = false }: LimitBarProps) {
  const share = usedShare(reading) ?? 0;
  const text = useTicking(useCallback((now: number) => readingText(reading, now), [reading]));
  const origin = useTicking(useCallback((now: number) => readingOrigin(reading, now), [reading]));
  const stale = useTicking(useCallback((now: number) => isStale(reading, now), [reading]));
  const reset = useTicking(useCallback((now: number) => hasReset(reading, now), [reading]));
  return (
    <Hint text={`${text}\n${origin}`}>
      <div
        className={compact ? 'limit limit-compact' : 'limit'}
        data-level={reset ? 'normal' : limitLevel(reading)}
        data-stale={stale || undefined}
      >
        <span className="truncate">{reading.label}</span>
        <span className="limit-track" role="img" aria-label={`${text} ${origin}`}>
          <span className="limit-used" style={{ width: `${Math.min(1, share) * 100}%` }} />
          <PaceTick reading={reading} />
        </span>
        <span className="limit-share">{formatPercent(share)}</span>
        {!compact && <span className="limit-reset truncate">{resetWords(reading, reset)}</span>}
      </div>
    </Hint>
  );
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
