import { errorWords } from '../../api/error-words.ts';
import { useAction } from '../../api/mutations.ts';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type AddDrafts, toAddArgument } from './add-drafts.ts';
import { isNameTaken } from './name-taken.ts';
import { PriorityField } from './priority-field.tsx';
import { StepActions } from './step-actions.tsx';

type Props = { drafts: AddDrafts; onBack: () => void; onClose: () => void };

/** Adds an account by its API key. The key goes to the engine and cannot be shown again. */
export function ApiKeyStep({ drafts, onBack, onClose }: Props) {
  const form = drafts.apiKey;
  const add = useAction('accounts.add', null);
  const onError = (error: Error) => {
    if (isNameTaken(error)) form.reject({ name: errorWords(error).meaning });
  };
  const send = () =>
    form.submit((values) => add.mutate(toAddArgument(values), { onSuccess: onClose, onError }));
  return (
    <DialogStep label="Account by API key" onSubmit={send}>
      <TextField
        label="Name"
        hint="For you only, such as work or private"
        autoFocus
        {...form.field('name')}
      />
      <TextField label="API key" type="password" placeholder="sk-ant-…" {...form.field('apiKey')} />
      <KeyLink />
      <PriorityField {...form.field('priority')} />
      <FormError error={isNameTaken(add.error) ? null : add.error} />
      <StepActions onBack={onBack} onClose={onClose} confirm="Add account" disabled={add.isPending} />
    </DialogStep>
  );
}

function KeyLink() {
  const open = useAction('app.openExternal', 'Could not open the browser');
  return (
    <div className="small">
      <button type="button" className="link-button" onClick={() => open.mutate({ link: 'provider-keys' })}>
        Where do I find my API key?
      </button>
    </div>
  );
}
