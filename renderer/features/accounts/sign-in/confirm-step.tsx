import { calls } from '../../../../shared/ipc/contract.ts';
import { errorWords } from '../../../api/error-words.ts';
import { useAction } from '../../../api/mutations.ts';
import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { FormError } from '../../../components/form-error.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { type FieldErrors, fieldErrors, useForm } from '../../../components/use-form.ts';
import { isNameTaken } from '../name-taken.ts';
import { PRIORITY_WORDS } from '../priority-words.ts';
import { IdentityFacts } from './identity-facts.tsx';
import type { StepProps } from './sign-in-frame.tsx';

type Fields = { name: string; priority: string };

function toArgument(id: string, { name, priority }: Fields) {
  return { id, name, ...(priority.trim() !== '' && { priority: Number(priority) }) };
}

function validate(values: Fields): FieldErrors<keyof Fields> {
  const parsed = calls['signIn.confirm'].argument.safeParse(toArgument('id', values));
  const errors = fieldErrors(['name', 'priority'], parsed);
  return errors.priority === undefined ? errors : { ...errors, priority: PRIORITY_WORDS };
}

/** Shows whose login it is before anything is saved; a new account gets its name here. */
export function ConfirmStep({ view, again, onBack, onClose }: StepProps) {
  const form = useForm<keyof Fields>({ name: again ?? view.suggestedName ?? '', priority: '' }, validate);
  const confirm = useAction('signIn.confirm', null);
  const onError = (error: Error) => {
    if (isNameTaken(error)) form.reject({ name: errorWords(error).meaning });
  };
  const send = () => form.submit((values) => confirm.mutate(toArgument(view.id, values), { onError }));
  return (
    <DialogStep label="Check the login" onSubmit={send}>
      <IdentityFacts identity={view.identity} />
      <p className="secondary">{savedWords(view.mode, again)}</p>
      {again === null && (
        <>
          <TextField label="Name" hint="For you only" autoFocus {...form.field('name')} />
          <TextField
            label="Priority"
            placeholder="0"
            hint="Lower is preferred; equal numbers share"
            {...form.field('priority')}
          />
        </>
      )}
      <FormError error={isNameTaken(confirm.error) ? null : confirm.error} />
      <div className="dialog-actions">
        <Button look="quiet" data-start="" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" submit data-autofocus="" disabled={confirm.isPending}>
          {again === null ? 'Add account' : `Sign ${again} in`}
        </Button>
      </div>
    </DialogStep>
  );
}

function savedWords(mode: 'subscription' | 'console', again: string | null): string {
  const what = mode === 'console' ? 'an API key of this organisation' : 'this login';
  if (again !== null) {
    return `${again} gets ${what} in place of its old one. Name, priority, history and sessions stay.`;
  }
  if (mode === 'console') return `The account keeps ${what}, encrypted on this computer, and no login.`;
  return 'The login is kept encrypted on this computer and renews itself.';
}
