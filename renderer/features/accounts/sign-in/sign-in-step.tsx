import type { SignInView } from '../../../../shared/sign-in.ts';
import { useSlice } from '../../../api/queries.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { DoneStep } from './done-step.tsx';
import { DuplicateStep } from './duplicate-step.tsx';
import { ExchangingStep } from './exchanging-step.tsx';
import { FailedStep } from './failed-step.tsx';
import { signInTitle } from './sign-in-words.ts';
import type { SignInFlow } from './use-sign-in.ts';
import { WaitingStep } from './waiting-step.tsx';

/** What every step gets. `onBack` gives the sign-in up and goes to where it was started. */
export type StepProps = {
  flow: SignInFlow;
  view: SignInView;
  /** Name of the account that signs in again; null while one is being added. */
  again: string | null;
  onBack: () => void;
  onClose: () => void;
};

/** Names behind the ids of a sign-in, and the title of the dialog around it; the title is null while there is none. */
export function useSignInNames({ view, againId }: SignInFlow): {
  again: string | null;
  title: string | null;
} {
  const accounts = useSlice('accounts');
  const nameOf = (id: string | null) => accounts.find((account) => account.id === id)?.name ?? null;
  const again = nameOf(againId);
  return { again, title: view && signInTitle(view, again, nameOf(view.accountId)) };
}

/** A sign-in at its present phase. */
export function SignInStep(props: StepProps) {
  return <Phase key={`${props.view.id}-${props.view.phase}`} {...props} />;
}

function Phase(props: StepProps) {
  switch (props.view.phase) {
    case 'waiting':
      return <WaitingStep {...props} />;
    case 'exchanging':
      return <ExchangingStep {...props} />;
    case 'confirm':
      return props.view.duplicateOf === null ? <ConfirmStep {...props} /> : <DuplicateStep {...props} />;
    case 'done':
      return <DoneStep {...props} />;
    case 'failed':
      return <FailedStep {...props} />;
  }
}
