import { CircleCheck } from 'lucide-react';
import { canServe } from '../../../shared/account.ts';
import type { RequestRow } from '../../../shared/request-record.ts';
import type { Settings } from '../../../shared/settings.ts';
import { isFine } from '../../api/matches-filter.ts';
import { useFromState } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { useClientsReport } from '../clients/use-clients-report.ts';
import { AccountStep } from './account-step.tsx';
import { ClientStep } from './client-step.tsx';
import type { StepState } from './onboarding-step.tsx';
import { RequestStep } from './request-step.tsx';

type Props = {
  /** Newest first, without what proves nothing. */
  recent: readonly RequestRow[];
  /** Name of a key that a client has come with; null when none has. */
  keyOfClient: string | null;
  onChange: (onboarding: Settings['onboarding']) => void;
};

/** The way to the first answered request, in three steps that each show what proves them. */
export function Onboarding({ recent, keyOfClient, onChange }: Props) {
  const report = useClientsReport();
  const hasAccount = useFromState((state) => state.accounts.length > 0);
  const serves = useFromState((state) => state.accounts.some((account) => canServe(account.state)));
  const answered = recent.findLast(isFine);
  const allDone = answered !== undefined;
  const pointed = allDone || keyOfClient !== null || report.data?.claudeCode.phase === 'on';
  const stateOf = (done: boolean): StepState => (done ? 'done' : hasAccount ? 'now' : 'later');
  return (
    <div className="page onboarding">
      <div className="page-head">
        <h1>Set up ccflare</h1>
        {!allDone && (
          <Button look="quiet" onClick={() => onChange('skipped')}>
            Skip for now
          </Button>
        )}
      </div>
      <p className="secondary">One local address for all your Claude accounts, in three steps.</p>
      <ol className="steps">
        <AccountStep state={allDone || serves ? 'done' : 'now'} />
        <ClientStep state={stateOf(pointed)} report={report} keyOfClient={keyOfClient} />
        <RequestStep state={stateOf(allDone)} row={answered ?? recent[0]} />
      </ol>
      <div role="status">{allDone && <AllSet onDone={() => onChange('done')} />}</div>
    </div>
  );
}

function AllSet({ onDone }: { onDone: () => void }) {
  return (
    <section className="all-set" aria-labelledby="all-set-title">
      <CircleCheck size={18} aria-hidden />
      <div>
        <h2 id="all-set-title">All set</h2>
        <p className="secondary">
          Requests go through ccflare. When an account is spent, the next one takes over by itself.
        </p>
      </div>
      <Button look="primary" onClick={onDone}>
        Open the overview
      </Button>
    </section>
  );
}
