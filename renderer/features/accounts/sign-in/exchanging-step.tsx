import { LoaderCircle } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import type { StepProps } from './sign-in-step.tsx';

/** The provider's answer is being turned into a login; seconds at most. */
export function ExchangingStep({ view, onBack, onClose }: StepProps) {
  return (
    <DialogStep label="Finishing the sign-in">
      <div className="sign-in-state">
        <LoaderCircle size={16} aria-hidden className="sign-in-busy" />
        <p role="status">
          {view.mode === 'console'
            ? 'You are signed in. The provider is asked for an API key and whose it is.'
            : 'You are signed in. The provider is asked for the login’s tokens and whose it is.'}
        </p>
      </div>
      <div className="dialog-actions">
        <Button look="quiet" data-start="" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onClose}>Cancel sign-in</Button>
      </div>
    </DialogStep>
  );
}
