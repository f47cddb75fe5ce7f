import { DEFAULT_SETTINGS, settingsSchema } from '../../../shared/settings.ts';
import { useFromState } from '../../api/queries.ts';
import type { TextKey } from './setting-keys.ts';
import { SettingRow } from './setting-row.tsx';
import { TEXTS } from './text-words.ts';
import { useDraft } from './use-draft.ts';

/** The rule of a text when it is broken; null when it may be saved. */
function textError(name: TextKey, value: string): string | null {
  return settingsSchema.shape[name].removeDefault().safeParse(value).success ? null : TEXTS[name].rule;
}

/** A line of text that fits the rule of its setting. */
export function TextSetting({ name }: { name: TextKey }) {
  const { label, description } = TEXTS[name];
  const standard = DEFAULT_SETTINGS[name];
  const { input, error, reset } = useDraft<string>({
    name,
    stored: useFromState((state) => state.settings[name]),
    standard,
    toText: (value) => value,
    fromText: (text) => text.trim(),
    errorOf: (value) => textError(name, value),
    standardText: standard,
  });
  return (
    <SettingRow label={label} description={description} error={error} reset={reset}>
      {({ controlId, describedBy }) => (
        <input
          className="input text-input"
          type="text"
          id={controlId}
          aria-describedby={describedBy}
          autoComplete="off"
          spellCheck={false}
          {...input}
        />
      )}
    </SettingRow>
  );
}
