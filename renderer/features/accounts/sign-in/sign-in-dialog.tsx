import { useEffect, useState } from 'react';
import type { AccountView } from '../../../../shared/account.ts';
import { CallError } from '../../../api/client.ts';
import { useSlice } from '../../../api/queries.ts';
import { openDialog } from '../../../app/dialog-slot.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { SubscriptionNotice } from '../subscription-notice.tsx';
import { SignInFrame } from './sign-in-frame.tsx';
import { type SignInFlow, useSignIn } from './use-sign-in.ts';

type Props = {
  /** The account to sign in again; null to follow a sign-in that was started elsewhere. */
  accountId: string | null;
  onClose: () => void;
};

/** Signs an account in again in place, or shows a sign-in that runs already. */
export function SignInDialog({ accountId, onClose }: Props) {
  const flow = useSignIn();
  const account = useSlice('accounts').find((entry) => entry.id === accountId);
  const isOver = flow.view === null && account === undefined;
  useEffect(() => {
    if (isOver) onClose();
  }, [isOver, onClose]);
  if (flow.view) {
    const back = () => {
      flow.leave();
      if (!account) openDialog({ kind: 'add-account' });
    };
    return <SignInFrame flow={flow} view={flow.view} onBack={back} onClose={onClose} />;
  }
  return account ? <BeginDialog account={account} flow={flow} onClose={onClose} /> : null;
}

type BeginProps = { account: AccountView; flow: SignInFlow; onClose: () => void };

/** Says whom the sign-in is for and what it changes. The notice appears if it was never agreed to for this account. */
function BeginDialog({ account, flow, onClose }: BeginProps) {
  const [agreed, setAgreed] = useState(false);
  const [needsConsent, setNeedsConsent] = useState(false);
  const asksForConsent = flow.startError instanceof CallError && flow.startError.code === 'consent_needed';
  if (asksForConsent && !needsConsent) setNeedsConsent(true);
  const mayStart = !flow.isStarting && (agreed || !needsConsent);
  const mode = account.kind === 'oauth' ? 'subscription' : 'console';
  const send = () => {
    if (mayStart) flow.begin({ mode, accountId: account.id, consent: agreed }, 'window');
  };
  return (
    <Dialog
      title={`Sign ${account.name} in again`}
      description={beginWords(account)}
      onClose={onClose}
      keepOnOutsidePress
    >
      <DialogStep
        key={needsConsent ? 'notice' : 'begin'}
        label={`Sign ${account.name} in again`}
        onSubmit={send}
      >
        {needsConsent && <SubscriptionNotice agreed={agreed} onAgree={setAgreed} />}
        <FormError error={asksForConsent ? null : flow.startError} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit data-autofocus="" disabled={!mayStart}>
            Open sign-in window
          </Button>
        </div>
      </DialogStep>
    </Dialog>
  );
}

function beginWords(account: AccountView) {
  const owner = [account.email, account.organizationName, account.plan].filter((part) => part !== null);
  return (
    <div className="dialog-text">
      {owner.length > 0 && <p>{owner.join(', ')}</p>}
      <p>
        Use the login that belongs to this account; another one is refused.{' '}
        {account.kind === 'oauth'
          ? 'The old login stays until the new one has worked.'
          : 'A new API key is created in the same organisation; the old one stays until then.'}{' '}
        Name, priority, history and sessions stay.
      </p>
    </div>
  );
}
