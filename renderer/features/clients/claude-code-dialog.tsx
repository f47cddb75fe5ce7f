import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ClaudeCodeState } from '../../../shared/clients.ts';
import { clientsPreviewQuery, useFromState } from '../../api/queries.ts';
import { showNotice } from '../../api/toasts.ts';
import { Button } from '../../components/button.tsx';
import { CheckBox } from '../../components/check-box.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { FormError } from '../../components/form-error.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { DiffView } from './diff-view.tsx';
import { useClientsChange, useClientsReport } from './use-clients-report.ts';

type Props = { action: 'apply' | 'restore'; onClose: () => void };

/** Shows what would change in Claude Code's settings before anything does. */
export function ClaudeCodeDialog({ action, onClose }: Props) {
  const report = useClientsReport();
  if (action === 'restore') return <RestoreDialog onClose={onClose} />;
  const state = report.data?.claudeCode;
  if (state) return <ApplyDialog state={state} onClose={onClose} />;
  return (
    <Dialog title="Set up Claude Code" onClose={onClose}>
      {report.isError ? (
        <ErrorPanel
          title="Claude Code’s settings could not be read."
          error={report.error}
          onRetry={() => void report.refetch()}
        />
      ) : (
        <Skeleton rows={6} />
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </Dialog>
  );
}

function ApplyDialog({ state, onClose }: { state: ClaudeCodeState; onClose: () => void }) {
  const [hints, setHints] = useState(state.hints);
  const apply = useClientsChange('clients.apply', null);
  const listening = useFromState(({ proxy }) => proxy.phase === 'listening');
  const done = () => {
    showNotice(listening ? 'Claude Code is set up' : 'Claude Code is set up once the proxy is on');
    onClose();
  };
  return (
    <Dialog
      title="Set up Claude Code"
      description="One address goes into its settings; Claude Code keeps its own login. The file is backed up first."
      onClose={onClose}
    >
      <DialogStep label="Changes" onSubmit={() => apply.mutate({ hints }, { onSuccess: done })}>
        <Preview action="apply" hints={hints} />
        <div>
          <CheckBox checked={hints} onChange={setHints}>
            Let Claude Code say what each request is for
          </CheckBox>
          <p className="small secondary check-note">
            Sets CLAUDE_CODE_GATEWAY_HINT_HEADERS, so that the log tells main work, sub-agents and background
            calls apart.
          </p>
        </div>
        <FormError error={apply.error} />
        <Actions confirm="Set up" busy={apply.isPending} onClose={onClose} />
      </DialogStep>
    </Dialog>
  );
}

function RestoreDialog({ onClose }: { onClose: () => void }) {
  const restore = useClientsChange('clients.restore', null);
  const done = () => {
    showNotice('Claude Code is as it was');
    onClose();
  };
  return (
    <Dialog
      title="Put Claude Code back"
      description="Its settings become what they were before the set-up. Claude Code then goes to the provider by itself."
      onClose={onClose}
    >
      <DialogStep label="Changes" onSubmit={() => restore.mutate(undefined, { onSuccess: done })}>
        <Preview action="restore" hints={false} />
        <FormError error={restore.error} />
        <Actions confirm="Put back" busy={restore.isPending} onClose={onClose} />
      </DialogStep>
    </Dialog>
  );
}

/** The diff; while another one is read the old one stays, so that nothing jumps. */
function Preview({ action, hints }: { action: 'apply' | 'restore'; hints: boolean }) {
  const preview = useQuery({ ...clientsPreviewQuery(action, hints), placeholderData: keepPreviousData });
  if (preview.data) return <DiffView diff={preview.data} />;
  if (preview.isError) {
    return (
      <ErrorPanel
        title="The change could not be worked out."
        error={preview.error}
        onRetry={() => void preview.refetch()}
      />
    );
  }
  return <Skeleton rows={6} />;
}

type ActionsProps = { confirm: string; busy: boolean; onClose: () => void };

function Actions({ confirm, busy, onClose }: ActionsProps) {
  return (
    <div className="dialog-actions">
      <Button onClick={onClose}>Cancel</Button>
      <Button look="primary" submit disabled={busy} data-autofocus="">
        {confirm}
      </Button>
    </div>
  );
}
