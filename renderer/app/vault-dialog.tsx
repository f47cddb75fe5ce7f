import { useState } from 'react';
import { calls } from '../../shared/ipc/contract.ts';
import { errorWords } from '../api/error-words.ts';
import { useAction } from '../api/mutations.ts';
import { useSlice } from '../api/queries.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/text-field.tsx';
import { useForm } from '../components/use-form.ts';
import { VaultChoice } from './vault-choice.tsx';

/** Asks for what the vault needs: the passphrase, or the choice of how keys are kept. */
export function VaultDialog({ onClose }: { onClose: () => void }) {
  const vault = useSlice('vault');
  if (vault.phase === 'locked') return <UnlockDialog explanation={vault.explanation} onClose={onClose} />;
  if (vault.phase === 'choice-needed')
    return <VaultChoice explanation={vault.explanation} onClose={onClose} />;
  return (
    <Dialog title="Account keys" description={vault.explanation} onClose={onClose}>
      <div className="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}

function validatePassphrase(values: { passphrase: string }) {
  if (calls['vault.unlock'].argument.safeParse(values).success) return {};
  return { passphrase: 'Enter your passphrase.' };
}

function UnlockDialog({ explanation, onClose }: { explanation: string; onClose: () => void }) {
  const form = useForm({ passphrase: '' }, validatePassphrase);
  const unlock = useAction('vault.unlock', null);
  const [shown, setShown] = useState(false);
  return (
    <Dialog title="Unlock your accounts" description={explanation} onClose={onClose} keepOnOutsidePress>
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit((values) =>
            unlock.mutate(values, {
              onSuccess: onClose,
              onError: (error) => form.reject({ passphrase: errorWords(error).meaning }),
            }),
          );
        }}
      >
        <TextField
          label="Passphrase"
          type={shown ? 'text' : 'password'}
          autoFocus
          {...form.field('passphrase')}
        />
        <div className="dialog-actions">
          <Button look="quiet" data-start="" onClick={() => setShown(!shown)} aria-pressed={shown}>
            {shown ? 'Hide' : 'Show'} passphrase
          </Button>
          <Button onClick={onClose}>Later</Button>
          <Button look="primary" submit disabled={unlock.isPending}>
            Unlock
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
