import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useState } from 'react';
import { calls } from '../../shared/ipc/contract.ts';
import { errorWords } from '../api/error-words.ts';
import { useAction } from '../api/mutations.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/text-field.tsx';
import { useForm } from '../components/use-form.ts';

type Fields = { passphrase: string; repeat: string };

function validate(values: Fields): Partial<Fields> {
  const argument = { mode: 'passphrase', passphrase: values.passphrase };
  if (!calls['vault.choose'].argument.safeParse(argument).success) {
    return { passphrase: 'Use at least 8 characters.' };
  }
  return values.repeat === values.passphrase ? {} : { repeat: 'The two passphrases differ.' };
}

type Props = { explanation: string; onClose: () => void };

/** No keychain: a passphrase or memory only, each with its price in plain words. Never plain text. */
export function VaultChoice({ explanation, onClose }: Props) {
  const [mode, setMode] = useState<'passphrase' | 'memory'>('passphrase');
  const form = useForm<keyof Fields>({ passphrase: '', repeat: '' }, validate);
  const choose = useAction('vault.choose', 'Could not set up the vault');
  const reject = (error: Error) => form.reject({ passphrase: errorWords(error).meaning });
  const save = () => {
    if (mode === 'memory') choose.mutate({ mode }, { onSuccess: onClose });
    else {
      form.submit(({ passphrase }) =>
        choose.mutate({ mode, passphrase }, { onSuccess: onClose, onError: reject }),
      );
    }
  };
  return (
    <Dialog
      title="How should account keys be kept?"
      description={explanation}
      onClose={onClose}
      keepOnOutsidePress
    >
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <RadioGroup aria-label="Way of keeping keys" className="choice" value={mode} onValueChange={setMode}>
          <Choice value="passphrase" title="Passphrase">
            Keys are stored encrypted. You enter the passphrase each time the app starts; if you forget it,
            the accounts must be added again.
          </Choice>
          <Choice value="memory" title="Memory only">
            Nothing is stored. Accounts are gone when the app quits and must be added again.
          </Choice>
        </RadioGroup>
        {mode === 'passphrase' && (
          <>
            <TextField label="New passphrase" type="password" {...form.field('passphrase')} />
            <TextField label="Repeat it" type="password" {...form.field('repeat')} />
          </>
        )}
        <div className="dialog-actions">
          <Button onClick={onClose}>Later</Button>
          <Button look="primary" submit disabled={choose.isPending}>
            {mode === 'passphrase' ? 'Use passphrase' : 'Keep in memory only'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Choice({ value, title, children }: { value: string; title: string; children: string }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control.
    <label className="choice-option">
      <Radio.Root value={value} className="radio">
        <Radio.Indicator className="radio-dot" />
      </Radio.Root>
      <span>
        <strong>{title}</strong>
        <span className="secondary">{children}</span>
      </span>
    </label>
  );
}
