import { useState } from 'react';
import type { AccountView } from '../../../../shared/account.ts';
import { CallError } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { SubscriptionNotice } from '../subscription-notice.tsx';
import type { SignInFlow } from './use-sign-in.ts';

type BeginProps = { account: AccountView; flow: SignInFlow; onClose: () => void };

/** Before an account signs in again: what that changes. The notice appears if the engine wants to know of consent. */
export function BeginStep({ account, flow, onClose }: BeginProps) {
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
    <DialogStep
      key={needsConsent ? 'notice' : 'begin'}
      label={`Sign ${account.name} in again`}
      onSubmit={send}
    >
      <Changes account={account} />
      {needsConsent && <SubscriptionNotice agreed={agreed} onAgree={setAgreed} />}
      <FormError error={asksForConsent ? null : flow.startError} />
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
