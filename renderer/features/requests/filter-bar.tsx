import { useSlice } from '../../api/queries.ts';
import { SearchField } from '../../app/search-field.tsx';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import type { FilterFields } from './use-request-filter.ts';

const OUTCOMES = [
  { value: 'all', label: 'All outcomes' },
  { value: 'ok', label: 'OK only' },
  { value: 'problem', label: 'Problems only' },
] as const;

/** Value that stands for no restriction in a list of choices. */
const ANY = '';

type FilterBarProps = {
  fields: FilterFields;
  /** Models seen in the log so far. */
  models: readonly string[];
  isFiltered: boolean;
  onChange: (change: Partial<FilterFields>) => void;
  onClear: () => void;
};

/** Narrows the list by outcome, account, model and text. */
export function FilterBar({ fields, models, isFiltered, onChange, onClear }: FilterBarProps) {
  const accounts = useSlice('accounts');
  return (
    <search className="filter-bar">
      <h1>Requests</h1>
      <SearchField
        label="Filter requests"
        placeholder="Path, session, error"
        text={fields.text}
        onChange={(text) => onChange({ text })}
      />
      <Select
        label="Outcome"
        value={fields.outcome}
        options={OUTCOMES}
        onChange={(outcome) => onChange({ outcome })}
      />
      <Select
        label="Account"
        value={fields.accountId ?? ANY}
        options={[
          { value: ANY, label: 'All accounts' },
          ...accounts.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(id) => onChange({ accountId: id === ANY ? null : id })}
      />
      <Select
        label="Model"
        value={fields.model ?? ANY}
        options={[
          { value: ANY, label: 'All models' },
          ...models.map((model) => ({ value: model, label: model })),
        ]}
        onChange={(model) => onChange({ model: model === ANY ? null : model })}
      />
      {isFiltered && (
        <Button look="quiet" onClick={onClear}>
          Clear
        </Button>
      )}
    </search>
  );
}
