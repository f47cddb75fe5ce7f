import { CircleAlert } from 'lucide-react';
import type { SignInView } from '../../../../shared/sign-in.ts';
import { failureWords } from '../../../api/error-words.ts';
import { useAction } from '../../../api/mutations.ts';
import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import type { StepProps } from './sign-in-step.tsx';

/** It did not work: what the provider or the app said, what can be done about it, and once more. */
export function FailedStep({ flow, view, onBack, onClose }: StepProps) {
  const advice = view.error === null ? null : failureWords(view.error.code).advice;
  return (
    <DialogStep label="The sign-in failed">
      <div className="sign-in-state" data-tone="spent">
        <CircleAlert size={16} aria-hidden className="sign-in-mark" />
        <div role="alert">
          <p>{view.error?.message ?? 'Nobody said why. Nothing was saved.'}</p>
          {advice !== null && <p className="secondary">{advice}</p>}
        </div>
      </div>
      <FormError error={flow.startError} />
      <OtherSteps flow={flow} view={view} />
      <div className="dialog-actions">
        <Button look="quiet" data-start="" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onClose}>Close</Button>
        <Button
          look="primary"
          data-autofocus=""
          disabled={flow.isStarting}
          onClick={() => flow.again(view.way)}
        >
          Try again
        </Button>
      </div>
    </DialogStep>
  );
}

/** Codes after which another way may well work. */
const WAY_MATTERS: readonly string[] = ['sign_in_refused', 'sign_in_unreachable', 'sign_in_expired'];

function OtherSteps({ flow, view }: { flow: StepProps['flow']; view: SignInView }) {
  const open = useAction('app.openExternal', 'Could not open the browser');
  const code = view.error?.code ?? 'internal';
  const otherWay = view.way === 'window' ? 'browser' : 'window';
  return (
    <div className="sign-in-ways">
      {WAY_MATTERS.includes(code) && (
        <button
          type="button"
          className="link-button"
          disabled={flow.isStarting}
          onClick={() => flow.again(otherWay)}
        >
          {otherWay === 'browser' ? 'Try with the system browser' : 'Try with a window of this app'}
        </button>
      )}
      {code === 'sign_in_unreachable' && (
        <button
          type="button"
          className="link-button"
          onClick={() => open.mutate({ link: 'provider-status' })}
        >
          Is the provider up?
        </button>
      )}
    </div>
  );
}
