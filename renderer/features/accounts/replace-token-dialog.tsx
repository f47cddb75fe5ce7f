import { useState } from 'react';
import { type AccountView, pastedTokenSchema } from '../../../shared/account.ts';
import { useAction } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { DialogStep } from '../../components/dialog-step.tsx';
import { FormError } from '../../components/form-error.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useForm } from '../../components/use-form.ts';
import { SETUP_TOKEN_HINT } from './setup-token-words.ts';
import { AGREE_FIRST, SubscriptionNotice } from './subscription-notice.tsx';

function validate({ token }: { token: string }) {
  const error = pastedTokenSchema.safeParse(token).error;
  return error ? { token: error.issues[0]?.message ?? 'That is not a token.' } : {};
}

/** Takes a new setup token in the place of an account's login; everything else about the account stays. */
export function ReplaceTokenDialog({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const form = useForm<'token'>({ token: '' }, validate);
  const [agreed, setAgreed] = useState(false);
  const save = useAction('accounts.addSetupToken', null);
  const send = () => {
    if (!agreed) return;
    form.submit(({ token }) =>
      save.mutate(
        { name: account.name, token, consent: true, accountId: account.id },
        { onSuccess: onClose },
      ),
    );
  };
  return (
    <Dialog
      title={`Paste a new token for ${account.name}`}
      description="It takes the place of the login. Name, priority, history and sessions stay."
      onClose={onClose}
      keepOnOutsidePress
    >
      <DialogStep label="New token" onSubmit={send}>
        <TextField
          label="Setup token"
          type="password"
          hint={SETUP_TOKEN_HINT}
          autoFocus
          {...form.field('token')}
        />
        <SubscriptionNotice agreed={agreed} onAgree={setAgreed} />
        <FormError error={save.error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" submit disabled={!agreed || save.isPending}>
            Replace token
          </Button>
          {!agreed && <p className="small secondary dialog-missing">{AGREE_FIRST}</p>}
        </div>
      </DialogStep>
    </Dialog>
  );
}
