import { useQuery } from '@tanstack/react-query';
import { Database } from 'lucide-react';
import { formatBytes } from '../../../shared/format.ts';
import type { ImportSource } from '../../../shared/import.ts';
import { useAction } from '../../api/mutations.ts';
import { importSourcesQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Time } from '../../components/time.tsx';
import { PRODUCT_NAMES } from './import-words.ts';

type Props = { onPick: (sourceId: string) => void; onClose: () => void };

/** Which old database: one that was found, or a file of the user's choice. */
export function SourceStep({ onPick, onClose }: Props) {
  const choose = useAction('import.choose', 'Could not open that file');
  return (
    <DialogStep label="Which database">
      <FoundSources onPick={onPick} />
      <div className="dialog-actions">
        <Button
          data-start=""
          disabled={choose.isPending}
          onClick={() =>
            choose.mutate(undefined, {
              onSuccess: (source) => {
                if (source) onPick(source.id);
              },
            })
          }
        >
          Choose file…
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </DialogStep>
  );
}

function FoundSources({ onPick }: { onPick: (sourceId: string) => void }) {
  const found = useQuery(importSourcesQuery);
  if (found.isError) {
    return (
      <ErrorPanel
        title="The usual places could not be searched."
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    );
  }
  if (!found.data) return <Skeleton rows={2} height={40} />;
  if (found.data.length === 0) {
    return (
      <p className="secondary">
        No database of ccflare or better-ccflare is in the usual places. If you keep it elsewhere, choose the
        file; its name ends in .db.
      </p>
    );
  }
  return (
    <ul className="choice" aria-label="Databases found">
      {found.data.map((source) => (
        <li key={source.id}>
          <SourceButton source={source} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

function SourceButton({ source, onPick }: { source: ImportSource; onPick: (sourceId: string) => void }) {
  return (
    <button type="button" className="choice-option source" onClick={() => onPick(source.id)}>
      <Database size={16} aria-hidden />
      <span>
        <strong>{PRODUCT_NAMES[source.product]}</strong>
        <code className="path">{source.path}</code>
        <span className="small secondary">
          {formatBytes(source.bytes)}, changed <Time at={source.changedAt} />
        </span>
      </span>
    </button>
  );
}
