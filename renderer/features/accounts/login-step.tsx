import type { SignInMode } from '../../../shared/sign-in.ts';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import type { AddDrafts } from './add-drafts.ts';
import type { SignInFlow } from './sign-in/use-sign-in.ts';
import { StepActions } from './step-actions.tsx';
import { AGREE_FIRST, SubscriptionNotice } from './subscription-notice.tsx';

type Props = {
  mode: SignInMode;
  flow: SignInFlow;
  drafts: AddDrafts;
  onBack: () => void;
  onClose: () => void;
};

/** What comes before a sign-in: what it will do, and for a subscription the notice. */
export function LoginStep({ mode, flow, drafts, onBack, onClose }: Props) {
  const { agreed, setAgreed } = drafts;
  const isSubscription = mode === 'subscription';
  const mayStart = !flow.isStarting && (agreed || !isSubscription);
  const send = () => {
    if (mayStart) flow.begin({ mode, accountId: null, consent: isSubscription && agreed }, 'window');
  };
  return (
    <DialogStep
      label={isSubscription ? 'Account by subscription login' : 'Account by console login'}
      onSubmit={send}
    >
      <p className="secondary">
        {isSubscription
          ? 'A window opens in which you sign in to the provider. Your password stays there; this app gets tokens that it renews by itself.'
          : 'A window opens in which you sign in to the provider’s console. An API key is created in the organisation you choose and becomes the account; the login itself is not kept. Requests are paid by use.'}
      </p>
      {isSubscription && <SubscriptionNotice agreed={agreed} onAgree={setAgreed} />}
      <FormError error={flow.startError} />
      <StepActions
        onBack={onBack}
        onClose={onClose}
        confirm="Open sign-in window"
        disabled={!mayStart}
        takesFocus={mayStart}
        missing={isSubscription && !agreed ? AGREE_FIRST : null}
      />
    </DialogStep>
  );
}
