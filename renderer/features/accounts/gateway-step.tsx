import { errorWords } from '../../api/error-words.ts';
import { useAction } from '../../api/mutations.ts';
import { ChoiceList } from '../../components/choice-list.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type AddDrafts, toAddArgument } from './add-drafts.ts';
import { HEADER_CHOICES } from './endpoint-words.ts';
import { ModelRowsField } from './model-rows-field.tsx';
import { isNameTaken } from './name-taken.ts';
import { PriorityField } from './priority-field.tsx';
import { StepActions } from './step-actions.tsx';

type Props = { drafts: AddDrafts; onBack: () => void; onClose: () => void };

/** Adds an account of a gateway or of a provider that speaks the same API. */
export function GatewayStep({ drafts, onBack, onClose }: Props) {
  const { gateway: form, headerStyle, setHeaderStyle, models } = drafts;
  const add = useAction('accounts.add', null);
  const onError = (error: Error) => {
    if (isNameTaken(error)) form.reject({ name: errorWords(error).meaning });
  };
  const send = () => {
    const modelMap = models.take();
    form.submit((values) => {
      if (modelMap === null) return;
      const endpoint = { baseUrl: values.baseUrl.trim(), headerStyle, modelMap };
      add.mutate({ ...toAddArgument(values), ...endpoint }, { onSuccess: onClose, onError });
    });
  };
  return (
    <DialogStep label="Account of a gateway" onSubmit={send}>
      <TextField label="Name" hint="For you only, such as gateway" autoFocus {...form.field('name')} />
      <TextField
        label="Base URL"
        placeholder="https://gateway.example"
        hint="The key is sent to this address. Use only one you trust."
        {...form.field('baseUrl')}
      />
      <TextField label="API key" type="password" {...form.field('apiKey')} />
      <ChoiceList
        label="Header with the key"
        labelled
        value={headerStyle}
        options={HEADER_CHOICES}
        onChange={setHeaderStyle}
      />
      <ModelRowsField models={models} />
      <PriorityField {...form.field('priority')} />
      <FormError error={isNameTaken(add.error) ? null : add.error} />
      <StepActions onBack={onBack} onClose={onClose} confirm="Add account" disabled={add.isPending} />
    </DialogStep>
  );
}
