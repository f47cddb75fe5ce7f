import type { ClientKeyView } from '../../../shared/client-key.ts';
import { useAction } from '../../api/mutations.ts';
import { Select } from '../../components/select.tsx';

type Choice = NonNullable<ClientKeyView['exhaustion']> | 'setting';

const OPTIONS: readonly { value: Choice; label: string }[] = [
  { value: 'setting', label: 'As the setting says' },
  { value: 'fail', label: 'Error at once' },
  { value: 'hold', label: 'Wait in silence' },
  { value: 'fallback', label: 'Fallback account' },
];

/** What the requests of one key get when nobody can serve. */
export function KeyExhaustion({ entry }: { entry: ClientKeyView }) {
  const set = useAction('clientKeys.setExhaustion', `Could not change key ${entry.name}`);
  return (
    <Select
      label={`When nobody can serve: key ${entry.name}`}
      value={entry.exhaustion ?? 'setting'}
      options={OPTIONS}
      onChange={(choice) => set.mutate({ id: entry.id, exhaustion: choice === 'setting' ? null : choice })}
    />
  );
}
