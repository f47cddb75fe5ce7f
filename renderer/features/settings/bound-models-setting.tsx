import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { DEFAULT_SETTINGS, settingsSchema } from '../../../shared/settings.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { RowsFoot } from './rows-foot.tsx';
import { OWN } from './setting-words.ts';
import { useRowsDraft } from './use-rows-draft.ts';
import { useSaved } from './use-saved.ts';
import { WideSetting } from './wide-setting.tsx';

const STANDARD = DEFAULT_SETTINGS.accountBoundModels;

/** Models whose thinking stays behind when their session moves. */
export function BoundModelsSetting() {
  const { label, description } = OWN.accountBoundModels;
  const { stored, save, saving } = useSaved('accountBoundModels', label);
  const draft = useRowsDraft(stored);
  const [checked, setChecked] = useState(false);
  const models = draft.rows.map(({ value }) => value.trim()).filter((model) => model !== '');
  const fits = settingsSchema.shape.accountBoundModels.safeParse(models).success;
  const discard = () => {
    setChecked(false);
    draft.discard();
  };
  const onSave = () => {
    setChecked(true);
    if (fits) save(models, {}, discard);
  };
  const isStandard = stored.join() === STANDARD.join();
  return (
    <WideSetting
      label={label}
      description={description}
      reset={isStandard ? null : { text: STANDARD.join(', '), run: () => save([...STANDARD], {}, discard) }}
    >
      <ul className="setting-rows">
        {draft.rows.map(({ key, value }, index) => (
          <li key={key} className="bound-row">
            <input
              className="input mono"
              aria-label={`Model ${index + 1}`}
              placeholder="claude-sonnet-*"
              value={value}
              onChange={(event) => draft.change(key, event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
            <IconButton icon={Trash2} label={`Remove model ${index + 1}`} onClick={() => draft.remove(key)} />
          </li>
        ))}
      </ul>
      <RowsFoot
        noun="model"
        problem={checked && !fits ? 'Use at most 50 rows and 120 characters for each model.' : null}
        isChanged={draft.isChanged}
        saving={saving}
        onAdd={() => draft.add('')}
        onSave={onSave}
        onDiscard={discard}
      />
    </WideSetting>
  );
}
