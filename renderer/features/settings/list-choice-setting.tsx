import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { ChoiceList, type ChoiceOption } from '../../components/choice-list.tsx';
import { OWN } from './setting-words.ts';
import { EXHAUSTION_OPTIONS, STRATEGY_OPTIONS } from './strategy-words.ts';
import { useSaved } from './use-saved.ts';
import { WideSetting } from './wide-setting.tsx';

/** How a new session gets its account, each way with its cost. */
export function StrategySetting() {
  const { label } = OWN.strategy;
  const { stored, save } = useSaved('strategy', label);
  return <ListChoice name="strategy" stored={stored} options={STRATEGY_OPTIONS} onChange={save} />;
}

/** What a client gets while nobody can serve; a choice that is not in force yet says so. */
export function ExhaustionSetting() {
  const { label } = OWN.exhaustion;
  const { stored, save } = useSaved('exhaustion', label);
  return <ListChoice name="exhaustion" stored={stored} options={EXHAUSTION_OPTIONS} onChange={save} />;
}

type ListChoiceProps<K extends 'strategy' | 'exhaustion'> = {
  name: K;
  stored: Settings[K];
  options: readonly ChoiceOption<Settings[K]>[];
  onChange: (value: Settings[K]) => void;
};

function ListChoice<K extends 'strategy' | 'exhaustion'>(props: ListChoiceProps<K>) {
  const { name, stored, options, onChange } = props;
  const { label, description } = OWN[name];
  const standard: Settings[K] = DEFAULT_SETTINGS[name];
  const text = options.find((option) => option.value === standard)?.title ?? '';
  return (
    <WideSetting
      label={label}
      description={description}
      reset={stored === standard ? null : { text, run: () => onChange(standard) }}
    >
      <ChoiceList label={label} value={stored} options={options} onChange={(value) => onChange(value)} />
    </WideSetting>
  );
}
