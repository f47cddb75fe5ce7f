import { useState } from 'react';
import { openDialog } from '../../app/dialog-slot.ts';
import { Dialog } from '../../components/dialog.tsx';
import { type AddDrafts, useAddDrafts } from './add-drafts.ts';
import type { AddWay } from './add-ways.ts';
import { ApiKeyStep } from './api-key-step.tsx';
import { GatewayStep } from './gateway-step.tsx';
import { LoginStep } from './login-step.tsx';
import { SetupTokenStep } from './setup-token-step.tsx';
import { SignInStep, useSignInNames } from './sign-in/sign-in-step.tsx';
import { type SignInFlow, useSignIn } from './sign-in/use-sign-in.ts';
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
  const names = useSignInNames(flow);
  const drafts = useAddDrafts();
  const [chosen, setChosen] = useState<AddWay>(given ?? 'api-key');
  const [step, setStep] = useState<OwnWay | null>(given);
  const proceed = () => {
    if (chosen === 'import') openDialog({ kind: 'import' });
    else setStep(chosen);
  };
  const close = () => {
    flow.leave();
    onClose();
  };
  const toWays = () => {
    flow.leave();
    setStep(null);
  };
  return (
    <Dialog
      title={names.title ?? (step === null ? 'Add account' : TITLES[step])}
      description={
        flow.view === null &&
        step === null &&
        'Only accounts you own. Keys and logins are stored encrypted on this computer.'
      }
      onClose={close}
      keepOnOutsidePress
    >
      {flow.view ? (
        <SignInStep flow={flow} view={flow.view} again={names.again} onBack={flow.leave} onClose={close} />
      ) : step === null ? (
        <WayStep way={chosen} onChange={setChosen} onContinue={proceed} onClose={close} />
      ) : (
        <OwnStep way={step} flow={flow} drafts={drafts} onBack={toWays} onClose={close} />
      )}
    </Dialog>
  );
}

type OwnStepProps = {
  way: OwnWay;
  flow: SignInFlow;
  drafts: AddDrafts;
  onBack: () => void;
  onClose: () => void;
};

function OwnStep({ way, flow, ...rest }: OwnStepProps) {
  switch (way) {
    case 'api-key':
      return <ApiKeyStep {...rest} />;
    case 'subscription':
    case 'console':
      return <LoginStep mode={way} flow={flow} {...rest} />;
    case 'setup-token':
      return <SetupTokenStep {...rest} />;
    case 'gateway':
      return <GatewayStep {...rest} />;
  }
}
