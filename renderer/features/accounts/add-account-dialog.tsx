import { useState } from 'react';
import { DEFAULT_BASE_URL } from '../../../shared/account.ts';
import { calls } from '../../../shared/ipc/contract.ts';
import { CallError } from '../../api/client.ts';
import { errorWords } from '../../api/error-words.ts';
import { useAction } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type FieldErrors, fieldErrors, useForm } from '../../components/use-form.ts';
import { PRIORITY_WORDS } from './priority-words.ts';

type Fields = { name: string; apiKey: string; baseUrl: string; priority: string };

const EMPTY: Fields = { name: '', apiKey: '', baseUrl: '', priority: '' };

/** What the contract expects; fields left empty take the engine's defaults. */
function toArgument({ name, apiKey, baseUrl, priority }: Fields) {
  return {
    name,
    apiKey,
    ...(baseUrl.trim() !== '' && { baseUrl: baseUrl.trim() }),
    ...(priority.trim() !== '' && { priority: Number(priority) }),
  };
}

const FIELDS = ['name', 'apiKey', 'baseUrl', 'priority'] as const;

function validate(values: Fields): FieldErrors<keyof Fields> {
  const errors = fieldErrors(FIELDS, calls['accounts.add'].argument.safeParse(toArgument(values)));
  return errors.priority === undefined ? errors : { ...errors, priority: PRIORITY_WORDS };
}

/** Adds an account by its API key. The key goes to the engine and cannot be shown again. */
export function AddAccountDialog({ onClose }: { onClose: () => void }) {
  const form = useForm<keyof Fields>(EMPTY, validate);
  const [advanced, setAdvanced] = useState(false);
  const add = useAction('accounts.add', null);
  const reject = (error: Error) => {
    const field = error instanceof CallError && error.code === 'name_taken' ? 'name' : 'apiKey';
    form.reject({ [field]: errorWords(error).meaning });
  };
  return (
    <Dialog
      title="Add account"
      description="Add an account you own by its API key. It is stored encrypted and sent only to the address below."
      onClose={onClose}
      keepOnOutsidePress
    >
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit((values) => add.mutate(toArgument(values), { onSuccess: onClose, onError: reject }));
        }}
      >
        <TextField
          label="Name"
          hint="For you only, such as work or private"
          autoFocus
          {...form.field('name')}
        />
        <TextField label="API key" type="password" placeholder="sk-ant-…" {...form.field('apiKey')} />
        <KeyLink />
        {advanced && (
          <>
            <TextField
              label="Base URL"
              placeholder={DEFAULT_BASE_URL}
              hint="Only for gateways; empty is the provider itself"
              {...form.field('baseUrl')}
            />
            <TextField
              label="Priority"
              placeholder="0"
              hint="Lower is preferred; equal numbers share"
              {...form.field('priority')}
            />
          </>
        )}
        <div className="dialog-actions">
          <Button look="quiet" data-start="" aria-expanded={advanced} onClick={() => setAdvanced(!advanced)}>
            {advanced ? 'Fewer options' : 'More options'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit disabled={add.isPending}>
            Add account
          </Button>
        </div>
      </form>
    </Dialog>
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
