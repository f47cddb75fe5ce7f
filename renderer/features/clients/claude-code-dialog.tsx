import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ClientsReport } from '../../../shared/clients.ts';
import type { CallArgument } from '../../../shared/ipc/contract.ts';
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
import { Obstacles } from './obstacles.tsx';
import { useClientsChange, useClientsReport } from './use-clients-report.ts';

type Props = { action: 'apply' | 'restore'; onClose: () => void };

/** Shows what would change in Claude Code's settings before anything does. */
export function ClaudeCodeDialog({ action, onClose }: Props) {
  const report = useClientsReport();
  if (action === 'restore') return <RestoreDialog onClose={onClose} />;
  if (report.data) return <ApplyDialog report={report.data} onClose={onClose} />;
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

function ApplyDialog({ report, onClose }: { report: ClientsReport; onClose: () => void }) {
  const [hints, setHints] = useState(report.claudeCode.hints);
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const apply = useClientsChange('clients.apply', null);
  const obstacles = report.findings.filter(({ level }) => level === 'bad');
  const fixes = obstacles.filter(({ id, withSetUp }) => withSetUp && !refused.has(id)).map(({ id }) => id);
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
      <DialogStep label="Changes" onSubmit={() => apply.mutate({ hints, fixes }, { onSuccess: done })}>
        <Preview action="apply" hints={hints} fixes={fixes} />
        <div>
          <CheckBox checked={hints} onChange={setHints}>
            Let Claude Code say what each request is for
          </CheckBox>
          <p className="small secondary check-note">
            Sets CLAUDE_CODE_GATEWAY_HINT_HEADERS, so that the log tells main work, sub-agents and background
            calls apart.
          </p>
        </div>
        <Obstacles
          findings={obstacles}
          refused={refused}
          onChange={(id, wanted) => setRefused(wanted ? without(refused, id) : new Set([...refused, id]))}
        />
        <FormError error={apply.error} />
        <Actions confirm="Set up" busy={apply.isPending} onClose={onClose} />
      </DialogStep>
    </Dialog>
  );
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((other) => other !== id));
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
function Preview(change: CallArgument<'clients.preview'>) {
  const preview = useQuery({ ...clientsPreviewQuery(change), placeholderData: keepPreviousData });
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
