import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { IdentityFacts } from './identity-facts.tsx';
import type { StepProps } from './sign-in-step.tsx';

/** The same person and organisation twice would be one set of limits counted as two. */
export function DuplicateStep({ flow, view, onBack, onClose }: StepProps) {
  const duplicate = view.duplicateOf;
  if (duplicate === null) return null;
  const signAgain = () =>
    flow.begin({ mode: view.mode, accountId: duplicate.id, consent: view.mode === 'subscription' }, view.way);
  return (
    <DialogStep label="This login is here already">
      <IdentityFacts identity={view.identity} />
      <p>
        This is the login of <strong>{duplicate.name}</strong>. A second account of it would add no limits, so
        nothing was saved.
      </p>
      <p className="secondary">
        To renew the login of {duplicate.name}, sign it in again; you are asked to sign in once more. To add
        another account, go back and sign in with another login.
      </p>
      <FormError error={flow.startError} />
      <div className="dialog-actions">
        <Button look="quiet" data-start="" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onClose}>Close</Button>
        <Button look="primary" data-autofocus="" disabled={flow.isStarting} onClick={signAgain}>
          <span className="truncate">Sign {duplicate.name} in again</span>
        </Button>
      </div>
    </DialogStep>
  );
}
