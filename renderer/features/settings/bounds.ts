import { formatBytes, formatDuration, formatPercent } from '../../../shared/format.ts';
import { settingsSchema } from '../../../shared/settings.ts';
import { NUMBERS } from './number-words.ts';
import type { NumberKey } from './setting-keys.ts';
import { UNITS, type Unit } from './units.ts';

const BYTE_UNITS: readonly Unit[] = [UNITS.kilobytes, UNITS.megabytes];
const TIME_UNITS: readonly Unit[] = [UNITS.milliseconds, UNITS.seconds, UNITS.minutes, UNITS.hours];

/** A stored value as people read it: "32 MB", "10 min", "90 days". */
export function settingText(key: NumberKey, stored: number): string {
  const { unit, zero } = NUMBERS[key];
  if (stored === 0 && zero !== undefined) return `0 (${zero})`;
  if (BYTE_UNITS.includes(unit)) return formatBytes(stored);
  if (TIME_UNITS.includes(unit)) return formatDuration(stored);
  if (unit === UNITS.percent) return formatPercent(stored);
  if (unit === UNITS.dollars) return `$${stored}`;
  const word = stored === 1 ? unit.label.replace(/s$/, '') : unit.label;
  return word === '' ? String(stored) : `${stored} ${word}`;
}

/** What is wrong with a number, with its bounds in the unit it is typed in; null when it may be saved. */
export function settingError(key: NumberKey, stored: number): string | null {
  const schema = settingsSchema.shape[key].removeDefault();
  if (schema.safeParse(stored).success) return null;
  const { minValue, maxValue } = schema;
  const { unit } = NUMBERS[key];
  const whole = unit.decimals === true || unit.size > 1 ? 'Use a number' : 'Use a whole number';
  return `${whole} from ${settingText(key, minValue ?? 0)} to ${settingText(key, maxValue ?? 0)}.`;
}
