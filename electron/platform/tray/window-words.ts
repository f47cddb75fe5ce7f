import type { AccountView, LimitReading } from '../../../shared/account.ts';
import type { Forecast } from '../../../shared/forecast.ts';
import { formatClock, formatPercent } from '../../../shared/format.ts';

type Outlook = Pick<AccountView, 'readings' | 'forecasts'>;

/** "5-hour window 42 %, empty 16:40": the window that counts for an account; null when none is known. */
export function windowWords(account: Outlook, now: number): string | null {
  const { reading, forecast } = chosenWindow(account, now);
  if (reading === undefined || reading.utilisation === null) return null;
  const used = `${reading.label} ${formatPercent(reading.utilisation)}`;
  if (forecast === undefined || forecast.emptyAt === null || forecast.emptyAt <= now) return used;
  return `${used}, empty ${formatClock(forecast.emptyAt, now)}`;
}

/** The window that runs out first; where none does, the 5-hour window, then any. */
function chosenWindow(
  { readings, forecasts }: Outlook,
  now: number,
): { reading: LimitReading | undefined; forecast: Forecast | undefined } {
  const running = readings.filter(({ resetAt }) => resetAt === null || resetAt > now);
  const ending = forecasts
    .filter(({ emptyAt, bucket }) => emptyAt !== null && running.some((one) => one.bucket === bucket))
    .sort((a, b) => (a.emptyAt ?? 0) - (b.emptyAt ?? 0));
  const bucket = ending[0]?.bucket ?? '5h';
  const reading = running.find((one) => one.bucket === bucket) ?? running[0];
  return { reading, forecast: forecasts.find((one) => one.bucket === reading?.bucket) };
}
