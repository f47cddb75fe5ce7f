import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { useAction, useSettingsPatch } from '../../api/mutations.ts';
import { useFromState } from '../../api/queries.ts';
import { showError } from '../../api/toasts.ts';
import { Select } from '../../components/select.tsx';
import { Switch } from '../../components/switch.tsx';
import type { ChoiceKey, SwitchKey } from './setting-keys.ts';
import { SettingRow } from './setting-row.tsx';
import { CHOICES, SWITCHES } from './setting-words.ts';

/** One of a few words, saved when chosen. */
export function ChoiceSetting<K extends ChoiceKey>({ name }: { name: K }) {
  const { label, description, options } = CHOICES[name];
  const stored: Settings[K] = useFromState((state) => state.settings[name]);
  const standard: Settings[K] = DEFAULT_SETTINGS[name];
  const patch = useSettingsPatch();
  const save = (value: Settings[K]) =>
    patch.mutate({ [name]: value }, { onError: (error) => showError(`Could not change “${label}”`, error) });
  const standardText = options.find((option) => option.value === standard)?.label ?? '';
  return (
    <SettingRow
      label={label}
      description={description}
      error={null}
      reset={stored === standard ? null : { text: standardText, run: () => save(standard) }}
    >
      {({ controlId }) => (
        <Select id={controlId} label={label} value={stored} options={options} onChange={save} />
      )}
    </SettingRow>
  );
}

/** On or off, saved at once. The proxy has a call of its own, as its switch at the top. */
export function SwitchSetting({ name }: { name: SwitchKey }) {
  const { label, description } = SWITCHES[name];
  const stored = useFromState((state) => state.settings[name]);
  const standard = DEFAULT_SETTINGS[name];
  const patch = useSettingsPatch();
  const proxy = useAction('proxy.setEnabled', 'Could not switch the proxy');
  const save = (value: boolean) => {
    if (name === 'proxyEnabled') proxy.mutate({ enabled: value });
    else {
      patch.mutate(
        { [name]: value },
        { onError: (error) => showError(`Could not change “${label}”`, error) },
      );
    }
  };
  return (
    <SettingRow
      label={label}
      description={description}
      error={null}
      reset={stored === standard ? null : { text: standard ? 'on' : 'off', run: () => save(standard) }}
    >
      {({ controlId, describedBy }) => (
        <Switch id={controlId} label={label} on={stored} onChange={save} describedBy={describedBy} />
      )}
    </SettingRow>
  );
}
