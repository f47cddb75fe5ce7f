import { useCallback } from 'react';
import { formatDuration } from '../../shared/format.ts';
import { useTicking } from './ticker.ts';

/** Time left until a moment (UTC ms), by the second. Not read out by itself: it would never stop talking. */
export function Countdown({ to }: { to: number }) {
  const read = useCallback((now: number) => Math.max(0, Math.ceil((to - now) / 1000)), [to]);
  const seconds = useTicking(read);
  return <>{seconds === 0 ? 'no time left' : `${formatDuration(seconds * 1000)} left`}</>;
}
