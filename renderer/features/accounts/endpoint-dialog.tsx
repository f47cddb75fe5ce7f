import { useState } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { baseUrlSchema } from '../../../shared/account.ts';
import { useAction } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useForm } from '../../components/use-form.ts';
import { BASE_URL_WORDS, HEADER_CHOICES } from './endpoint-words.ts';
import { ModelRowsField } from './model-rows-field.tsx';
import { useModelRows } from './use-model-rows.ts';

function validate({ baseUrl }: { baseUrl: string }) {
  return baseUrlSchema.safeParse(baseUrl.trim()).success ? {} : { baseUrl: BASE_URL_WORDS };
}

/** Where an account's requests go, how its key is sent there, and under which names models are asked for. */
export function EndpointDialog({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const form = useForm<'baseUrl'>({ baseUrl: account.baseUrl }, validate);
  const [headerStyle, setHeaderStyle] = useState(account.headerStyle);
  const models = useModelRows(account.modelMap);
  const save = useAction('accounts.setEndpoint', null);
  const send = () => {
    const modelMap = models.take();
    form.submit(({ baseUrl }) => {
      if (modelMap === null) return;
      const endpoint = { id: account.id, baseUrl: baseUrl.trim(), headerStyle, modelMap };
      save.mutate(endpoint, { onSuccess: onClose });
    });
  };
  const secret = account.kind === 'api-key' ? 'key' : 'login';
  return (
    <Dialog
      title={`Endpoint of ${account.name}`}
      description="For gateways and compatible providers. Limits stay unknown unless the endpoint sends them."
      onClose={onClose}
      keepOnOutsidePress
    >
      <DialogStep label="Endpoint" onSubmit={send}>
        <TextField
          label="Base URL"
          hint={`The account’s ${secret} is sent to this address. Use only one you trust.`}
          autoFocus
          {...form.field('baseUrl')}
        />
        {account.kind === 'api-key' && (
          <ChoiceList
            label="Header with the key"
            labelled
            value={headerStyle}
            options={HEADER_CHOICES}
            onChange={setHeaderStyle}
          />
        )}
        <ModelRowsField models={models} />
        <FormError error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit disabled={save.isPending}>
            Save
          </Button>
        </div>
      </DialogStep>
    </Dialog>
  );
}
