import { useCallback } from 'react';
import { formatClock, formatExact, formatRelative } from '../../shared/format.ts';
import { useTicking } from './ticker.ts';

type TimeProps = {
  /** UTC ms. */
  at: number;
  /** `relative`: "3 min ago"; `clock`: "18:00"; `return`: "18:00 (in 2 h 12 min)". */
  show?: 'relative' | 'clock' | 'return';
};

/** A point in time that keeps itself current; the exact time is on hover and for screen readers. */
export function Time({ at, show = 'relative' }: TimeProps) {
  const read = useCallback((now: number) => timeWords(at, now, show), [at, show]);
  const words = useTicking(read);
  const exact = formatExact(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={exact}>
      {words}
      <span className="visually-hidden"> ({exact})</span>
    </time>
  );
}

/** The words of {@link Time} for texts that are not elements, such as labels. */
function timeWords(at: number, now: number, show: 'relative' | 'clock' | 'return'): string {
  if (show === 'relative') return formatRelative(at, now);
  if (show === 'clock') return formatClock(at, now);
  return `${formatClock(at, now)} (${formatRelative(at, now)})`;
}
