import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { useFromState } from '../../api/queries.ts';
import { settingError, settingText } from './bounds.ts';
import { NUMBERS } from './number-words.ts';
import type { NumberKey } from './setting-keys.ts';
import { SettingRow } from './setting-row.tsx';
import { fromUnit, toUnit } from './units.ts';
import { useDraft } from './use-draft.ts';

/** A number in its unit, within its bounds. */
export function NumberSetting({ name }: { name: NumberKey }) {
  const { label, description, unit } = NUMBERS[name];
  const standard = DEFAULT_SETTINGS[name];
  const { input, error, reset } = useDraft<number>({
    name,
    stored: useFromState((state) => state.settings[name]),
    standard,
    toText: (value) => toUnit(value, unit),
    fromText: (text) => fromUnit(text, unit),
    errorOf: (value) => settingError(name, value),
    standardText: settingText(name, standard),
  });
  return (
    <SettingRow label={label} description={description} error={error} reset={reset}>
      {({ controlId, describedBy }) => (
        <span className="unit-input">
          <input
            className="input"
            type="text"
            inputMode="decimal"
            id={controlId}
            aria-describedby={describedBy}
            {...input}
          />
          <span className="small secondary">{unit.label}</span>
        </span>
      )}
    </SettingRow>
  );
}
