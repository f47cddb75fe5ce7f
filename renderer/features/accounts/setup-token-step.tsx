import { errorWords } from '../../api/error-words.ts';
import { useAction } from '../../api/mutations.ts';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { TextField } from '../../components/text-field.tsx';
import type { AddDrafts } from './add-drafts.ts';
import { isNameTaken } from './name-taken.ts';
import { SETUP_TOKEN_HINT } from './setup-token-words.ts';
import { StepActions } from './step-actions.tsx';
import { AGREE_FIRST, SubscriptionNotice } from './subscription-notice.tsx';

type Props = { drafts: AddDrafts; onBack: () => void; onClose: () => void };

/** Adds a subscription by a pasted long-lived token, after the notice was agreed to. */
export function SetupTokenStep({ drafts, onBack, onClose }: Props) {
  const { token: form, agreed, setAgreed } = drafts;
  const add = useAction('accounts.addSetupToken', null);
  const onError = (error: Error) => {
    if (isNameTaken(error)) form.reject({ name: errorWords(error).meaning });
  };
  const send = () => {
    if (!agreed) return;
    form.submit((values) => add.mutate({ ...values, consent: true }, { onSuccess: onClose, onError }));
  };
  return (
    <DialogStep label="Account by setup token" onSubmit={send}>
      <TextField
        label="Name"
        hint="For you only, such as work or private"
        autoFocus
        {...form.field('name')}
      />
      <TextField label="Setup token" type="password" hint={SETUP_TOKEN_HINT} {...form.field('token')} />
      <p className="small secondary">
        Such a token works for about a year and cannot be renewed. It tells neither e-mail nor plan, and its
        limits are known only from answers.
      </p>
      <SubscriptionNotice agreed={agreed} onAgree={setAgreed} />
      <FormError error={isNameTaken(add.error) ? null : add.error} />
      <StepActions
        onBack={onBack}
        onClose={onClose}
        confirm="Add account"
        disabled={!agreed || add.isPending}
        missing={agreed ? null : AGREE_FIRST}
      />
    </DialogStep>
  );
}
