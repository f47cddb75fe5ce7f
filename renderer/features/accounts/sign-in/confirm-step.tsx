import { DEFAULT_PRIORITY } from '../../../../shared/account.ts';
import { calls } from '../../../../shared/ipc/contract.ts';
import type { SignInMode } from '../../../../shared/sign-in.ts';
import { errorWords } from '../../../api/error-words.ts';
import { useAction } from '../../../api/mutations.ts';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { type FieldErrors, fieldErrors, useForm } from '../../../components/use-form.ts';
import { isNameTaken } from '../name-taken.ts';
import { PRIORITY_WORDS } from '../priority-words.ts';
import { StepActions } from '../step-actions.tsx';
import { IdentityFacts } from './identity-facts.tsx';
import type { StepProps } from './sign-in-step.tsx';

type Fields = { name: string; priority: string };

function toArgument(id: string, { name, priority }: Fields) {
  return { id, name, ...(priority.trim() !== '' && { priority: Number(priority) }) };
}

function validate(values: Fields): FieldErrors<keyof Fields> {
  const parsed = calls['signIn.confirm'].argument.safeParse(toArgument('id', values));
  const errors = fieldErrors(['name', 'priority'], parsed);
  return errors.priority === undefined ? errors : { ...errors, priority: PRIORITY_WORDS };
}

/** Shows whose login it is before anything is saved; the account gets its name here. */
export function ConfirmStep({ view, onBack, onClose }: StepProps) {
  const form = useForm<keyof Fields>({ name: view.suggestedName ?? '', priority: '' }, validate);
  const confirm = useAction('signIn.confirm', null);
  const onError = (error: Error) => {
    if (isNameTaken(error)) form.reject({ name: errorWords(error).meaning });
  };
  const send = () => form.submit((values) => confirm.mutate(toArgument(view.id, values), { onError }));
  return (
    <DialogStep label="Check the login" onSubmit={send}>
      <IdentityFacts identity={view.identity} />
      <p className="secondary">{KEPT_WORDS[view.mode]}</p>
      <TextField label="Name" hint="For you only" autoFocus {...form.field('name')} />
      <TextField
        label="Priority"
        placeholder={String(DEFAULT_PRIORITY[view.mode === 'console' ? 'api-key' : 'oauth'])}
        hint="Lower is preferred; equal numbers share"
        {...form.field('priority')}
      />
      <FormError error={isNameTaken(confirm.error) ? null : confirm.error} />
      <StepActions onBack={onBack} onClose={onClose} confirm="Add account" disabled={confirm.isPending} />
    </DialogStep>
  );
}

const KEPT_WORDS: Record<SignInMode, string> = {
  subscription: 'The login is kept encrypted on this computer and renews itself. Nothing is saved yet.',
  console:
    'An API key was created in this organisation. It is kept encrypted on this computer; the login is not. If you stop here, delete that key at the provider: nothing uses it.',
};
