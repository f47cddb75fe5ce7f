import { Plus } from 'lucide-react';
import { canServe } from '../../../shared/account.ts';
import { useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { hrefOf } from '../../app/routes.ts';
import { Button } from '../../components/button.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { OnboardingStep, type StepState } from './onboarding-step.tsx';

/** Accounts named here at most; the rest is a number. */
const NAMED = 3;

/** The first step: an account that can serve proves it. */
export function AccountStep({ state }: { state: StepState }) {
  const accounts = useSlice('accounts');
  return (
    <OnboardingStep number={1} title="Add an account" state={state}>
      {accounts.length === 0 ? (
        <span className="secondary">
          One that you own: by API key, by signing in, or taken over from an older ccflare. It is stored
          encrypted on this computer.
        </span>
      ) : (
        <Proof />
      )}
      {state !== 'done' && (
        <div className="step-buttons">
          <Button look="primary" onClick={() => openDialog({ kind: 'add-account' })}>
            <Plus size={15} aria-hidden />
            Add account
          </Button>
          <Button onClick={() => openDialog({ kind: 'import' })}>Import from ccflare…</Button>
        </div>
      )}
    </OnboardingStep>
  );
}

/** Every account that is there, with its state; what cannot serve says why. */
function Proof() {
  const accounts = useSlice('accounts');
  return (
    <ul className="step-accounts">
      {accounts.slice(0, NAMED).map((account) => (
        <li key={account.id}>
          <a href={hrefOf('accounts', account.id)}>{account.name}</a> <StateMark state={account.state} />
          {!canServe(account.state) && <span className="small secondary"> {account.reason}</span>}
        </li>
      ))}
      {accounts.length > NAMED && <li className="secondary">and {accounts.length - NAMED} more</li>}
    </ul>
  );
}
