import type { SignInView } from '../../../../shared/sign-in.ts';
import { useSlice } from '../../../api/queries.ts';
import { Dialog } from '../../../components/dialog.tsx';
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

type FrameProps = Pick<StepProps, 'flow' | 'view' | 'onBack' | 'onClose'>;

/** A sign-in, step by step. Closing the dialog gives it up. */
export function SignInFrame({ flow, view, onBack, onClose }: FrameProps) {
  const accounts = useSlice('accounts');
  const nameOf = (id: string | null) => accounts.find((account) => account.id === id)?.name ?? null;
  const again = nameOf(flow.againId);
  const close = () => {
    flow.leave();
    onClose();
  };
  const props: StepProps = { flow, view, again, onBack, onClose: close };
  return (
    <Dialog title={signInTitle(view, again, nameOf(view.accountId))} onClose={close} keepOnOutsidePress>
      <Step key={`${view.id}-${view.phase}`} {...props} />
    </Dialog>
  );
}

function Step(props: StepProps) {
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
