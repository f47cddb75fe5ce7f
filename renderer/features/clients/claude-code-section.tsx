import type { ClaudeCodeState, ClientsReport } from '../../../shared/clients.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { Time } from '../../components/time.tsx';
import { SwitchSetting } from '../settings/choice-setting.tsx';
import { ClientStateMark } from './client-state-mark.tsx';

/** Whether Claude Code comes here, by what file, and the way to change that. */
export function ClaudeCodeSection({ report }: { report: ClientsReport }) {
  const state = report.claudeCode;
  return (
    <section aria-labelledby="claude-code-title">
      <div className="section-head">
        <h2 id="claude-code-title">Claude Code</h2>
        <ClientStateMark phase={state.phase} />
      </div>
      <div className="client-main">
        <div>
          <p className="client-verdict">{report.verdict}</p>
          {state.problem !== null && <p className="client-problem">{state.problem}</p>}
          <StateWords state={state} />
        </div>
        <Buttons state={state} />
      </div>
      <dl className="facts client-facts">
        <dt>Settings file</dt>
        <dd>
          <code className="path">{state.settingsFile}</code>
        </dd>
        <dt>Backup</dt>
        <dd>{state.backupAt === null ? 'none' : <Time at={state.backupAt} />}</dd>
        <dt>Hint headers</dt>
        <dd>{state.hints ? 'on' : 'off'}</dd>
      </dl>
      <SwitchSetting name="restoreClientsOnQuit" />
    </section>
  );
}

function StateWords({ state }: { state: ClaudeCodeState }) {
  const words = stateWords(state);
  return words === null ? null : <p className="secondary">{words}</p>;
}

function stateWords({ phase, wanted, found, problem }: ClaudeCodeState): string | null {
  if (phase === 'off' && wanted && problem !== null) return null;
  if (phase === 'off' && wanted) return 'Put back for now; it is set up again as soon as the proxy is on.';
  if (phase === 'off' && !found) {
    return 'Claude Code does not seem to be used on this computer yet. It can be set up all the same.';
  }
  if (phase === 'unreadable')
    return 'Nothing is written to a file that cannot be read. Repair it, then check again.';
  return null;
}

/** One step forward and, if there is something to go back to, one back. */
function Buttons({ state }: { state: ClaudeCodeState }) {
  const { phase, wanted } = state;
  const ask = (action: 'apply' | 'restore') => openDialog({ kind: 'claude-code', action });
  if (phase === 'unreadable') return null;
  return (
    <div className="client-buttons">
      {(phase !== 'off' || wanted) && <Button onClick={() => ask('restore')}>Put back as it was…</Button>}
      {phase === 'on' && <Button onClick={() => ask('apply')}>Change…</Button>}
      {(phase === 'drifted' || phase === 'overruled') && (
        <Button look="primary" onClick={() => ask('apply')}>
          Set up again…
        </Button>
      )}
      {phase === 'off' && (
        <Button look="primary" onClick={() => ask('apply')}>
          Set up Claude Code…
        </Button>
      )}
    </div>
  );
}
