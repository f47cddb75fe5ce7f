import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, settingsSchema } from '../../../shared/settings.ts';
import { settingError, settingText } from './bounds.ts';
import { NUMBERS } from './number-words.ts';
import { SETTING_GROUPS } from './setting-groups.ts';
import { type NumberKey, WITHOUT_ROW } from './setting-keys.ts';
import { CHOICES, OWN, SWITCHES } from './setting-words.ts';
import { TEXTS } from './text-words.ts';
import { fromUnit, toUnit, UNITS } from './units.ts';

const MIB = 1024 * 1024;

describe('units', () => {
  it.each([
    ['32', UNITS.megabytes, 32 * MIB],
    ['0.5', UNITS.megabytes, MIB / 2],
    ['1,5', UNITS.seconds, 1500],
    [' 10 ', UNITS.minutes, 600_000],
    ['97.5', UNITS.percent, 0.975],
    ['12.50', UNITS.dollars, 12.5],
  ])('%s -> %o -> %d', (text, unit, stored) => expect(fromUnit(text, unit)).toBe(stored));

  it.each(['', 'abc', '-5', '1e3', '0x10', '1.2.3'])('refuses %j', (text) => {
    expect(fromUnit(text, UNITS.seconds)).toBeNaN();
  });

  it('shows every default so that reading it back changes nothing', () => {
    for (const name of Object.keys(NUMBERS) as NumberKey[]) {
      const { unit } = NUMBERS[name];
      expect(fromUnit(toUnit(DEFAULT_SETTINGS[name], unit), unit)).toBe(DEFAULT_SETTINGS[name]);
    }
  });
});

describe('bounds', () => {
  it('speaks in the unit of the field', () => {
    expect(settingError('maxArchiveBytes', MIB)).toBe('Use a number from 16 MB to 64 GB.');
    expect(settingError('requestRetentionDays', 0)).toBe('Use a whole number from 1 day to 3650 days.');
    expect(settingError('port', 99_999)).toBe('Use a whole number from 0 (any free port) to 65535.');
    expect(settingError('connectTimeoutMs', Number.NaN)).toBe('Use a number from 500 ms to 2 min.');
    expect(settingError('leaveAtUtilisation', 0.4)).toBe('Use a number from 50 % to 100 %.');
    expect(settingError('fallbackCapUsd', -1)).toBe('Use a number from $0 to $100000.');
    expect(settingError('holdSeconds', 1.5)).toBe('Use a whole number from 1 second to 900 seconds.');
    expect(settingError('port', 8460)).toBeNull();
  });

  it('names defaults in words', () => {
    expect(settingText('sessionDurationMs', 18_000_000)).toBe('5 h');
    expect(settingText('clientRequestsPerMinute', 0)).toBe('0 (no limit)');
  });
});

describe('groups', () => {
  it('show every setting exactly once, except those that are named as having no row', () => {
    const shown = SETTING_GROUPS.flatMap(({ keys, advanced = [] }) => [...keys, ...advanced]).sort();
    const all = Object.keys(settingsSchema.shape).sort();
    expect(shown).toEqual(all.filter((key) => !Object.hasOwn(WITHOUT_ROW, key)));
    expect(Object.keys({ ...NUMBERS, ...CHOICES, ...SWITCHES, ...TEXTS, ...OWN }).sort()).toEqual(shown);
  });
});
