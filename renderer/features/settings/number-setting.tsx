import { type KeyboardEvent, useState } from 'react';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { errorWords } from '../../api/error-words.ts';
import { useSettingsPatch } from '../../api/mutations.ts';
import { useFromState } from '../../api/queries.ts';
import { settingError, settingText } from './bounds.ts';
import { SettingRow } from './setting-row.tsx';
import { NUMBERS, type NumberKey } from './setting-words.ts';
import { fromUnit, toUnit } from './units.ts';

/** A number in its unit. It is saved on Enter or when left, if it is within its bounds; Esc takes it back. */
export function NumberSetting({ name }: { name: NumberKey }) {
  const { label, description, unit } = NUMBERS[name];
  const { text, error, edit, save, cancel, reset } = useNumberSetting(name);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') save();
    else if (event.key === 'Escape') cancel();
  };
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
            aria-invalid={error !== null}
            value={text}
            onChange={(event) => edit(event.target.value)}
            onBlur={save}
            onKeyDown={onKeyDown}
          />
          <span className="small secondary">{unit.label}</span>
        </span>
      )}
    </SettingRow>
  );
}

function useNumberSetting(name: NumberKey) {
  const { unit } = NUMBERS[name];
  const stored = useFromState((state) => state.settings[name]);
  const standard = DEFAULT_SETTINGS[name];
  const patch = useSettingsPatch();
  /** What is being typed; null while the field shows what is stored. */
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const store = (value: number) =>
    patch.mutate(
      { [name]: value },
      { onSuccess: () => setDraft(null), onError: (failure) => setError(errorWords(failure).meaning) },
    );
  const save = () => {
    if (draft === null) return;
    const value = fromUnit(draft, unit);
    const wrong = settingError(name, value);
    setError(wrong);
    if (wrong !== null) return;
    if (value === stored) setDraft(null);
    else store(value);
  };
  const cancel = () => {
    setDraft(null);
    setError(null);
  };
  const edit = (text: string) => {
    setDraft(text);
    if (error !== null && settingError(name, fromUnit(text, unit)) === null) setError(null);
  };
  const undo = () => {
    cancel();
    store(standard);
  };
  const isDefault = stored === standard && draft === null;
  return {
    text: draft ?? toUnit(stored, unit),
    error,
    edit,
    save,
    cancel,
    reset: isDefault ? null : { text: settingText(name, standard), run: undo },
  };
}
