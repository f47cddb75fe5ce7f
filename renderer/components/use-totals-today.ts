import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { totalsQuery } from '../api/queries.ts';
import { useTicking } from './ticker.ts';

/** Midnight that began the user's local day, UTC ms. */
function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

/** Midnight that will end it; days with a clock change are shorter or longer than 24 h. */
function endOfDay(from: number): number {
  const day = new Date(from);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

/** Sums of the user's day; turns over at local midnight by itself. */
export function useTotalsToday() {
  const from = useTicking(startOfDay);
  return useQuery({ ...totalsQuery(from, endOfDay(from)), placeholderData: keepPreviousData });
}
