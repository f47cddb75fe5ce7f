import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { hourlyQuery, totalsQuery } from '../api/queries.ts';
import { useTicking } from './ticker.ts';

const HOUR_MS = 3_600_000;

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

/** One hour of the user's day; `start` is UTC ms. Hours without requests stand at zero. */
export type HourSlot = { start: number; input: number; cache: number; output: number };

/** The user's day hour by hour, past and to come; undefined until it is read, null while nothing was used. */
export function useHoursToday(): HourSlot[] | null | undefined {
  const from = useTicking(startOfDay);
  const to = endOfDay(from);
  const { data, isError } = useQuery({ ...hourlyQuery(from, to), placeholderData: keepPreviousData });
  if (!data) return isError ? null : undefined;
  const byStart = new Map(data.hours.map(({ start, totals }) => [start, totals]));
  const slots: HourSlot[] = [];
  for (let start = Math.floor(from / HOUR_MS) * HOUR_MS; start < to; start += HOUR_MS) {
    const totals = byStart.get(start);
    slots.push({
      start,
      input: totals?.inputTokens ?? 0,
      cache: (totals?.cacheReadTokens ?? 0) + (totals?.cacheWriteTokens ?? 0),
      output: totals?.outputTokens ?? 0,
    });
  }
  return slots.some(({ input, cache, output }) => input + cache + output > 0) ? slots : null;
}
