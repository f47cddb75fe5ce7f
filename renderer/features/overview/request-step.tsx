import { formatDuration, formatMoney } from '../../../shared/format.ts';
import type { RequestRow } from '../../../shared/request-record.ts';
import { isFine } from '../../api/matches-filter.ts';
import { useAction } from '../../api/mutations.ts';
import { useFromState } from '../../api/queries.ts';
import { hrefOf } from '../../app/routes.ts';
import { Button } from '../../components/button.tsx';
import { OutcomeMark } from '../../components/outcome-mark.tsx';
import { Time } from '../../components/time.tsx';
import { ConnectionTest } from '../clients/connection-test.tsx';
import { OnboardingStep, type StepState } from './onboarding-step.tsx';

/** The third step: an answered request proves it, and is shown the moment it is recorded. */
export function RequestStep({ state, row }: { state: StepState; row: RequestRow | undefined }) {
  return (
    <OnboardingStep number={3} title="See the first request" state={state}>
      <div role="status" className="step-status">
        {row && <FirstRequest row={row} />}
        {!row && <Waiting later={state === 'later'} />}
      </div>
      {state !== 'later' && <ConnectionTest />}
    </OnboardingStep>
  );
}

function FirstRequest({ row }: { row: RequestRow }) {
  return (
    <>
      {!isFine(row) && <p>A request arrived, but was not answered well. Open it to see why.</p>}
      <a className="first-request" href={hrefOf('requests', row.id)}>
        <OutcomeMark row={row} />
        <span>{row.servedModel ?? row.model ?? row.path}</span>
        <span>{row.accountName === null ? 'no account' : `on ${row.accountName}`}</span>
        <span>{costWords(row)}</span>
        <span className="secondary">
          {formatDuration(row.durationMs)}, <Time at={row.startedAt} />
        </span>
      </a>
    </>
  );
}

function costWords({ usage, accountKind, costNanoUsd }: RequestRow): string {
  if (usage === null) return 'no cost';
  const money = formatMoney(costNanoUsd);
  return accountKind === 'oauth' && costNanoUsd !== null ? `worth ${money}, not spent` : money;
}

function Waiting({ later }: { later: boolean }) {
  const phase = useFromState((state) => state.proxy.phase);
  const setEnabled = useAction('proxy.setEnabled', 'Could not switch the proxy on');
  if (later) return 'It shows up here the moment it is recorded.';
  if (phase === 'listening') {
    return (
      <span className="secondary">
        Waiting for it. Ask your client anything; the test tells whether the way is free.
      </span>
    );
  }
  return (
    <>
      <p className="secondary">The proxy is not listening, so no request can arrive.</p>
      <Button onClick={() => setEnabled.mutate({ enabled: true })} disabled={setEnabled.isPending}>
        Switch on
      </Button>
    </>
  );
}
