import { ArrowRight, Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../components/button.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Switch } from '../../components/switch.tsx';
import type { ModelRow, ModelRows } from './use-model-rows.ts';

/** Names of models, changed on the way to an endpoint that knows them by other names. Off unless wanted. */
export function ModelRowsField({ models }: { models: ModelRows }) {
  const id = useId();
  return (
    <section className="model-names" aria-labelledby={`${id}-title`}>
      <div className="model-names-head">
        <span className="field-label" id={`${id}-title`}>
          Change model names
        </span>
        <Switch label="Change model names" on={models.on} onChange={models.switchTo} />
      </div>
      <p className="field-hint">
        {models.on
          ? 'A request for a name on the left is sent with the name on the right. Nothing else in it changes; other names pass as they are.'
          : 'Off: requests pass as they are. Switch on only if this endpoint knows models by other names.'}
      </p>
      {models.on && (
        <>
          {models.rows.map((row, index) => (
            <Row key={row.key} row={row} number={index + 1} models={models} />
          ))}
          {models.problem !== null && (
            <div className="field-error" role="alert">
              {models.problem}
            </div>
          )}
          <div>
            <Button look="quiet" onClick={models.add}>
              <Plus size={14} aria-hidden />
              Add a name
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

type RowProps = { row: ModelRow; number: number; models: ModelRows };

function Row({ row, number, models }: RowProps) {
  return (
    <div className="model-row">
      <NameInput
        label={`Name ${number} as asked for`}
        placeholder="as asked for"
        value={row.from}
        onChange={(from) => models.change(row.key, { from })}
      />
      <ArrowRight size={14} aria-hidden className="faint" />
      <NameInput
        label={`Name ${number} as sent`}
        placeholder="as sent"
        value={row.to}
        onChange={(to) => models.change(row.key, { to })}
      />
      <IconButton icon={Trash2} label={`Remove name ${number}`} onClick={() => models.remove(row.key)} />
    </div>
  );
}

type NameInputProps = {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
};

function NameInput({ label, placeholder, value, onChange }: NameInputProps) {
  return (
    <input
      className="input mono"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
