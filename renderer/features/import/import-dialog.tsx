import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportState } from '../../../shared/import.ts';
import { useAction } from '../../api/mutations.ts';
import { importPreviewQuery, useSlice } from '../../api/queries.ts';
import { showNotice } from '../../api/toasts.ts';
import { ConfirmDialog, Dialog } from '../../components/dialog.tsx';
import { PreviewStep } from './preview-step.tsx';
import { useSourcePath } from './result-step.tsx';
import { RunStep } from './run-step.tsx';
import { SourceStep } from './source-step.tsx';

type Step = { kind: 'source' } | { kind: 'preview' | 'run' | 'delete'; sourceId: string };

/** Takes over accounts, settings and the request log of an older program; the old file is only read. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const state = useSlice('import');
  const [step, setStep] = useState<Step>(() => firstStep(state));
  const drop = useAction('import.cancel', null);
  const leave = (then: () => void) => {
    // The copy that was looked at holds secrets in clear, so it does not outlive the look.
    if (step.kind === 'preview' && state?.phase !== 'running') drop.mutate(undefined);
    then();
  };
  if (step.kind === 'delete') {
    return <DeleteQuestion sourceId={step.sourceId} onClose={() => setStep({ ...step, kind: 'run' })} />;
  }
  return (
    <Dialog
      title="Import from ccflare"
      description="Accounts, settings and the request log of an older ccflare or better-ccflare. The old file is only read."
      onClose={() => leave(onClose)}
      keepOnOutsidePress
    >
      <div className="import-step">
        {step.kind === 'source' && (
          <SourceStep onPick={(sourceId) => setStep({ kind: 'preview', sourceId })} onClose={onClose} />
        )}
        {step.kind === 'preview' && (
          <PreviewStep
            sourceId={step.sourceId}
            onStarted={() => setStep({ ...step, kind: 'run' })}
            onBack={() => leave(() => setStep({ kind: 'source' }))}
            onClose={() => leave(onClose)}
          />
        )}
        {step.kind === 'run' && (
          <RunStep
            sourceId={step.sourceId}
            onAgain={() => setStep({ ...step, kind: 'preview' })}
            onDelete={() => setStep({ ...step, kind: 'delete' })}
            onClose={onClose}
          />
        )}
      </div>
    </Dialog>
  );
}

/** An import that is on its way is shown instead of asking for another one. */
function firstStep(state: ImportState | null): Step {
  return state?.phase === 'running' ? { kind: 'run', sourceId: state.sourceId } : { kind: 'source' };
}

function DeleteQuestion({ sourceId, onClose }: { sourceId: string; onClose: () => void }) {
  const client = useQueryClient();
  const path = useSourcePath(sourceId);
  const remove = useAction('import.deleteSource', 'Could not delete the old database');
  const confirm = () =>
    remove.mutate(
      { sourceId },
      {
        onSuccess: () => {
          client.removeQueries({ queryKey: importPreviewQuery(sourceId).queryKey });
          showNotice('Old database deleted');
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title="Delete the old database?"
      description={
        <>
          <code className="path">{path}</code> and its log files beside it will be overwritten and deleted.
          That cannot be undone, and the old program starts empty afterwards. What was imported stays here.
        </>
      }
      confirm="Delete it"
      busy={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
