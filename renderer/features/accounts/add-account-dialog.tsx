import { useState } from 'react';
import { openDialog } from '../../app/dialog-slot.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useAddDrafts } from './add-drafts.ts';
import type { AddWay } from './add-ways.ts';
import { ApiKeyStep } from './api-key-step.tsx';
import { GatewayStep } from './gateway-step.tsx';
import { LoginStep } from './login-step.tsx';
import { SetupTokenStep } from './setup-token-step.tsx';
import { SignInFrame } from './sign-in/sign-in-frame.tsx';
import { useSignIn } from './sign-in/use-sign-in.ts';
import { WayStep } from './way-step.tsx';

/** Ways that have steps in this dialog; the import has one of its own. */
type OwnWay = Exclude<AddWay, 'import'>;

const TITLES: Record<OwnWay, string> = {
  'api-key': 'Add account by API key',
  subscription: 'Add account by subscription login',
  console: 'Add account by console login',
  'setup-token': 'Add account by setup token',
  gateway: 'Add account of a gateway',
};

type Props = {
  /** Skips the first question. */
  way: OwnWay | null;
  onClose: () => void;
};

/** Adds an account, whichever way. What was typed survives going back and another way; nothing survives closing. */
export function AddAccountDialog({ way: given, onClose }: Props) {
  const flow = useSignIn();
  const drafts = useAddDrafts();
  const [chosen, setChosen] = useState<AddWay>(given ?? 'api-key');
  const [step, setStep] = useState<OwnWay | null>(given);
  if (flow.view) {
    return <SignInFrame flow={flow} view={flow.view} onBack={flow.leave} onClose={onClose} />;
  }
  const proceed = () => {
    if (chosen === 'import') openDialog({ kind: 'import' });
    else setStep(chosen);
  };
  const back = () => {
    flow.leave();
    setStep(null);
  };
  const ways = { onBack: back, onClose };
  return (
    <Dialog
      title={step === null ? 'Add account' : TITLES[step]}
      description={
        step === null && 'Only accounts you own. Keys and logins are stored encrypted on this computer.'
      }
      onClose={onClose}
      keepOnOutsidePress
    >
      {step === null && <WayStep way={chosen} onChange={setChosen} onContinue={proceed} onClose={onClose} />}
      {step === 'api-key' && <ApiKeyStep drafts={drafts} {...ways} />}
      {step === 'subscription' && <LoginStep mode="subscription" flow={flow} drafts={drafts} {...ways} />}
      {step === 'console' && <LoginStep mode="console" flow={flow} drafts={drafts} {...ways} />}
      {step === 'setup-token' && <SetupTokenStep drafts={drafts} {...ways} />}
      {step === 'gateway' && <GatewayStep drafts={drafts} {...ways} />}
    </Dialog>
  );
}
