import { Plus } from 'lucide-react';
import { Button } from '../../components/button.tsx';

type RowsFootProps = {
  /** What one row is, such as "route". */
  noun: string;
  problem: string | null;
  isChanged: boolean;
  saving: boolean;
  onAdd: () => void;
  onSave: () => void;
  onDiscard: () => void;
};

/** Below an edited list: what is wrong with it, another row, and whether to keep the changes. */
export function RowsFoot({ noun, problem, isChanged, saving, onAdd, onSave, onDiscard }: RowsFootProps) {
  return (
    <>
      {problem !== null && (
        <div className="field-error" role="alert">
          {problem}
        </div>
      )}
      <div className="rows-foot">
        <Button look="quiet" onClick={onAdd}>
          <Plus size={14} aria-hidden />
          Add a {noun}
        </Button>
        {isChanged && (
          <>
            <Button onClick={onDiscard}>Discard changes to {noun}s</Button>
            <Button look="primary" onClick={onSave} disabled={saving}>
              Save {noun}s
            </Button>
          </>
        )}
      </div>
    </>
  );
}
