import { useState } from 'react';
import type { AccountView } from '../../../../shared/account.ts';
import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { SubscriptionNotice } from '../subscription-notice.tsx';
import type { SignInFlow } from './use-sign-in.ts';

type BeginProps = { account: AccountView; flow: SignInFlow; onClose: () => void };

/** Before an account signs in again: what that changes. The notice comes first unless it was agreed to for this account. */
export function BeginStep({ account, flow, onClose }: BeginProps) {
  const [agreed, setAgreed] = useState(false);
  const isSubscription = account.kind === 'oauth';
  const needsConsent = isSubscription && !account.consented;
  const mayStart = !flow.isStarting && (agreed || !needsConsent);
  const mode = isSubscription ? 'subscription' : 'console';
  const send = () => {
    if (mayStart) flow.begin({ mode, accountId: account.id, consent: isSubscription }, 'window');
  };
  return (
    <DialogStep label={`Sign ${account.name} in again`} onSubmit={send}>
      <Changes account={account} />
      {needsConsent && <SubscriptionNotice agreed={agreed} onAgree={setAgreed} />}
      <FormError error={flow.startError} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" submit data-autofocus="" disabled={!mayStart}>
          Open sign-in window
        </Button>
      </div>
    </DialogStep>
  );
}

function Changes({ account }: { account: AccountView }) {
  const owner = [account.email, account.organizationName, account.plan].filter((part) => part !== null);
  return (
    <div className="dialog-text">
      {owner.length > 0 && <p>{owner.join(', ')}</p>}
      <p className="secondary">
        Use the login that belongs to this account; another one is refused.{' '}
        {account.kind === 'oauth'
          ? 'The old login stays until the new one has worked.'
          : 'A new API key is created in the same organisation; the old one stays until then.'}{' '}
        Name, priority, history and sessions stay.
      </p>
    </div>
  );
}
