import { useState } from 'react';
import { errorWords } from '../api/error-words.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './text-field.tsx';
import { useForm } from './use-form.ts';

type OneFieldDialogProps = {
  title: string;
  label: string;
  hint?: string;
  initial: string;
  /** Hides what is typed. */
  secret?: boolean;
  /** The verb on the button. */
  confirm: string;
  /** What is wrong with the text; undefined when nothing is. */
  validate: (text: string) => string | undefined;
  save: (text: string) => Promise<unknown>;
  onClose: () => void;
};

/** Asks for one line of text; an error of the save is shown at the field. */
export function OneFieldDialog(props: OneFieldDialogProps) {
  const { title, label, hint, initial, secret = false, confirm, validate, save, onClose } = props;
  const [busy, setBusy] = useState(false);
  const form = useForm({ text: initial }, ({ text }) => {
    const error = validate(text);
    return error === undefined ? {} : { text: error };
  });
  const send = async (text: string) => {
    setBusy(true);
    try {
      await save(text);
      onClose();
    } catch (error) {
      setBusy(false);
      form.reject({ text: errorWords(error).meaning });
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          form.submit(({ text }) => void send(text));
        }}
      >
        <TextField
          label={label}
          {...(hint !== undefined && { hint })}
          type={secret ? 'password' : 'text'}
          autoFocus
          {...form.field('text')}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit disabled={busy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
