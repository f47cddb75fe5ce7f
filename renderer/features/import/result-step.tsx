import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ImportResult } from '../../../shared/import.ts';
import { importPreviewQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { resultLines } from './import-words.ts';

type Props = {
  sourceId: string;
  result: ImportResult | null;
  onDelete: () => void;
  onClose: () => void;
};

/** What came over, and what is left to do about the old file. */
export function ResultStep({ sourceId, result, onDelete, onClose }: Props) {
  const path = useSourcePath(sourceId);
  return (
    <DialogStep label="Result">
      <div role="status">
        <p className="import-done">
          <CircleCheck size={16} aria-hidden />
          <strong>Imported</strong>
        </p>
        <ul className="import-counts">
          {(result ? resultLines(result) : []).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
      {path !== null && <OldFile path={path} />}
      <div className="dialog-actions">
        {path !== null && (
          <Button data-start="" onClick={onDelete}>
            Delete the old database…
          </Button>
        )}
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </DialogStep>
  );
}

/** Path of the database as its preview said; null when there is none to speak of any more. */
export function useSourcePath(sourceId: string): string | null {
  const client = useQueryClient();
  return client.getQueryData(importPreviewQuery(sourceId).queryKey)?.source.path ?? null;
}

function OldFile({ path }: { path: string }) {
  return (
    <div className="import-warnings">
      <p>
        <TriangleAlert size={15} aria-hidden />
        <span>
          The old file still holds your tokens in clear: <code className="path">{path}</code>. Stop the old
          program for good, since a login that two programs renew ends in one of them. Then delete the file.
        </span>
      </p>
    </div>
  );
}
