import { LoaderCircle } from 'lucide-react';
import { SIGN_IN_WAYS, type SignInView } from '../../../../shared/sign-in.ts';
import { useAction } from '../../../api/mutations.ts';
import { Button } from '../../../components/button.tsx';
import { Countdown } from '../../../components/countdown.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useForm } from '../../../components/use-form.ts';
import type { StepProps } from './sign-in-step.tsx';
import { SWITCH_WORDS, WAITING_WORDS } from './sign-in-words.ts';

function validate({ text }: { text: string }) {
  return text.trim() === '' ? { text: 'Paste the code that the page shows.' } : {};
}

/** The person is signing in somewhere else; here is where, how long, and every other way. */
export function WaitingStep({ flow, view, again, onBack, onClose }: StepProps) {
  const form = useForm<'text'>({ text: '' }, validate);
  const paste = useAction('signIn.paste', null);
  const pasting = view.way === 'paste';
  const send = () => form.submit(({ text }) => paste.mutate({ id: view.id, text: text.trim() }));
  return (
    <DialogStep label="Waiting for your sign-in" {...(pasting && { onSubmit: send })}>
      <WaitingWords view={view} again={again} />
      {pasting && (
        <TextField
          label="Code from the page"
          placeholder="code#state"
          hint="It works once and only for this sign-in."
          autoFocus
          {...form.field('text')}
        />
      )}
      <FormError error={paste.error ?? flow.startError} />
      <OtherWays flow={flow} view={view} />
      <div className="dialog-actions">
        <Button look="quiet" data-start="" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onClose}>Cancel sign-in</Button>
        {pasting && (
          <Button look="primary" submit disabled={paste.isPending}>
            Continue
          </Button>
        )}
      </div>
    </DialogStep>
  );
}

function WaitingWords({ view, again }: { view: SignInView; again: string | null }) {
  return (
    <div className="sign-in-state">
      <LoaderCircle size={16} aria-hidden className="sign-in-busy" />
      <div>
        <p role="status">{WAITING_WORDS[view.way]}</p>
        {again !== null && <p className="secondary">Use the login of {again}; another one is refused.</p>}
        <p className="small faint">
          <Countdown to={view.expiresAt} />
        </p>
      </div>
    </div>
  );
}

function OtherWays({ flow, view }: Pick<StepProps, 'flow' | 'view'>) {
  return (
    <div className="sign-in-ways">
      {SIGN_IN_WAYS.filter((way) => way !== view.way).map((way) => (
        <button
          key={way}
          type="button"
          className="link-button"
          disabled={flow.isStarting}
          onClick={() => flow.again(way)}
        >
          {SWITCH_WORDS[way]}
        </button>
      ))}
    </div>
  );
}
