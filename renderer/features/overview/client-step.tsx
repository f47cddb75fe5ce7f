import type { ClientsReport } from '../../../shared/clients.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { hrefOf } from '../../app/routes.ts';
import { Button } from '../../components/button.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SnippetPicker } from '../clients/snippet-picker.tsx';
import type { useClientsReport } from '../clients/use-clients-report.ts';
import { OnboardingStep, type StepState } from './onboarding-step.tsx';

type Props = {
  state: StepState;
  report: ReturnType<typeof useClientsReport>;
  /** Name of a key that a client has come with; null when none has. */
  keyOfClient: string | null;
};

/** The second step: Claude Code's settings, or a client key in use, prove it. */
export function ClientStep({ state, report, keyOfClient }: Props) {
  return (
    <OnboardingStep number={2} title="Point your client here" state={state}>
      {state === 'later' ? 'One button for Claude Code, or a few lines for any other client.' : null}
      {state !== 'later' && report.isError && (
        <ErrorPanel
          title="The set-up of clients could not be read."
          error={report.error}
          onRetry={() => void report.refetch()}
        />
      )}
      {state !== 'later' && report.isPending && <Skeleton rows={2} />}
      {state !== 'later' && report.data && (
        <Content report={report.data} done={state === 'done'} keyOfClient={keyOfClient} />
      )}
    </OnboardingStep>
  );
}

type ContentProps = { report: ClientsReport; done: boolean; keyOfClient: string | null };

function Content({ report, done, keyOfClient }: ContentProps) {
  const { phase, problem } = report.claudeCode;
  return (
    <>
      <span className="secondary">
        {done && phase === 'on' && report.verdict}
        {done && phase !== 'on' && keyProof(keyOfClient)}
        {!done && 'Only the address is set; your client keeps its own login. You see the change first.'}
      </span>
      {problem !== null && <span>{problem}</span>}
      <Problems report={report} />
      {!done && phase !== 'on' && (
        <div className="step-buttons">
          <Button look="primary" onClick={() => openDialog({ kind: 'claude-code', action: 'apply' })}>
            Set up Claude Code…
          </Button>
        </div>
      )}
      {!done && (
        <details className="advanced">
          <summary>Another client, or a shell</summary>
          <SnippetPicker snippets={report.snippets} />
        </details>
      )}
    </>
  );
}

/** For clients that nobody here can look into, the use of a key is the proof. */
function keyProof(name: string | null): string {
  if (name === null) return 'A client has found its way here.';
  return `A client has come here with the key “${name}”.`;
}

function Problems({ report }: { report: ClientsReport }) {
  const count = report.findings.filter(({ level }) => level === 'bad').length;
  if (count === 0) return null;
  return (
    <a href={hrefOf('clients')}>
      {count === 1 ? '1 thing keeps' : `${count} things keep`} clients away: see what, and fix it
    </a>
  );
}
