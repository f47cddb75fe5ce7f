import { formatPercent, formatTokens } from '../../../shared/format.ts';
import type { ImportState } from '../../../shared/import.ts';
import { CallError } from '../../api/client.ts';
import { useAction } from '../../api/mutations.ts';
import { useSlice } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { counted } from './import-words.ts';
import { ResultStep } from './result-step.tsx';

type Props = {
  sourceId: string;
  /** Back to the choice of what to take over. */
  onAgain: () => void;
  /** Asks before the old database is deleted. */
  onDelete: () => void;
  onClose: () => void;
};

/** The import while it runs, and how it ended. It goes on when the dialog is closed. */
export function RunStep({ sourceId, onAgain, onDelete, onClose }: Props) {
  const state = useSlice('import');
  switch (state?.phase) {
    case 'done':
      return <ResultStep sourceId={sourceId} result={state.result} onDelete={onDelete} onClose={onClose} />;
    case 'failed':
      return <Failed state={state} onAgain={onAgain} onClose={onClose} />;
    case 'cancelled':
      return <Cancelled state={state} onAgain={onAgain} onClose={onClose} />;
    default:
      return <Running state={state} onClose={onClose} />;
  }
}

function Running({ state, onClose }: { state: ImportState | null; onClose: () => void }) {
  const cancel = useAction('import.cancel', 'Could not cancel the import');
  return (
    <DialogStep label="Progress">
      <Progress done={state?.requestsDone ?? 0} total={state?.requestsTotal ?? 0} />
      <p className="small secondary">You can close this; the import goes on, and the proxy keeps serving.</p>
      <div className="dialog-actions">
        <Button data-start="" disabled={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
          Cancel import
        </Button>
        <Button onClick={onClose}>Close</Button>
      </div>
    </DialogStep>
  );
}

function Progress({ done, total }: { done: number; total: number }) {
  if (total === 0) return <progress className="import-progress" aria-label="Import" />;
  return (
    <div>
      <progress className="import-progress" aria-label="Import" value={Math.min(done, total)} max={total} />
      <div className="import-figures small">
        <span>
          {formatTokens(done)} of {counted(total, 'request', 'requests')}
        </span>
        <span>{formatPercent(Math.min(1, done / total))}</span>
      </div>
    </div>
  );
}

type EndProps = { state: ImportState; onAgain: () => void; onClose: () => void };

function Failed({ state, onAgain, onClose }: EndProps) {
  const view = state.error ?? { code: 'internal' as const, message: 'The import stopped.' };
  return (
    <DialogStep label="Import failed">
      <ErrorPanel title="The import failed." error={new CallError(view)} onRetry={onAgain} />
      <p className="secondary">
        What was taken over until then stays. Importing again adds only what is missing.
      </p>
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </DialogStep>
  );
}

function Cancelled({ state, onAgain, onClose }: EndProps) {
  const { requestsDone, requestsTotal } = state;
  return (
    <DialogStep label="Import cancelled">
      <p role="status">
        Cancelled
        {requestsTotal > 0 &&
          ` after ${formatTokens(requestsDone)} of ${counted(requestsTotal, 'request', 'requests')}`}
        . What was taken over until then stays; importing again adds only what is missing.
      </p>
      <div className="dialog-actions">
        <Button data-start="" onClick={onAgain}>
          Import again
        </Button>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </DialogStep>
  );
}
