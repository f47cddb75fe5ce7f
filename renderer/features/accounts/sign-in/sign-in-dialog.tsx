import { useEffect } from 'react';
import { useSlice } from '../../../api/queries.ts';
import { openDialog } from '../../../app/dialog-slot.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { BeginStep } from './begin-step.tsx';
import { SignInStep, useSignInNames } from './sign-in-step.tsx';
import { useSignIn } from './use-sign-in.ts';

type Props = {
  /** The account to sign in again; null to follow a sign-in that was started elsewhere. */
  accountId: string | null;
  onClose: () => void;
};

/** Signs an account in again in place, or shows a sign-in that runs already. Closing gives it up. */
export function SignInDialog({ accountId, onClose }: Props) {
  const flow = useSignIn();
  const { again, title } = useSignInNames(flow);
  const account = useSlice('accounts').find((entry) => entry.id === accountId);
  const isOver = flow.view === null && account === undefined;
  useEffect(() => {
    if (isOver) onClose();
  }, [isOver, onClose]);
  if (isOver) return null;
  const back = () => {
    flow.leave();
    if (!account) openDialog({ kind: 'add-account' });
  };
  const close = () => {
    flow.leave();
    onClose();
  };
  return (
    <Dialog title={title ?? `Sign ${account?.name} in again`} onClose={close} keepOnOutsidePress>
      {flow.view && <SignInStep flow={flow} view={flow.view} again={again} onBack={back} onClose={close} />}
      {!flow.view && account && <BeginStep account={account} flow={flow} onClose={close} />}
    </Dialog>
  );
}
