import type { SettingKey, Settings } from '../../../shared/settings.ts';
import { useSettingsPatch } from '../../api/mutations.ts';
import { useFromState } from '../../api/queries.ts';
import { showError } from '../../api/toasts.ts';

/** A setting and the way to change it at once; what goes wrong is said under the setting's name. */
export function useSaved<K extends SettingKey>(name: K, label: string) {
  const stored: Settings[K] = useFromState((state) => state.settings[name]);
  const patch = useSettingsPatch();
  const save = (value: Settings[K], also: Partial<Settings> = {}, onSaved?: () => void) =>
    patch.mutate(
      { ...also, [name]: value },
      {
        onSuccess: () => onSaved?.(),
        onError: (error) => showError(`Could not change “${label}”`, error),
      },
    );
  return { stored, save, saving: patch.isPending };
}
