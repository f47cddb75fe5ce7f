import { CircleCheck } from 'lucide-react';
import { useFromState } from '../../../api/queries.ts';
import { navigate } from '../../../app/routes.ts';
import { Button } from '../../../components/button.tsx';
import { DialogStep } from '../../../components/dialog-step.tsx';
import { IdentityFacts } from './identity-facts.tsx';
import type { StepProps } from './sign-in-step.tsx';

/** It worked: what happens now, and the next step where there is one. */
export function DoneStep({ view, again, onClose }: StepProps) {
  const isUnused = useFromState((state) => state.accounts.every((account) => account.lastUsedAt === null));
  const show = (page: 'accounts' | 'clients', id?: string) => {
    onClose();
    navigate(page, id);
  };
  const accountId = view.accountId;
  return (
    <DialogStep label="Signed in">
      <div className="sign-in-state" data-tone="serving">
        <CircleCheck size={16} aria-hidden className="sign-in-mark" />
        <p role="status">
          {again === null
            ? 'It gets requests from now on, by its priority.'
            : 'It gets requests again. Name, priority, history and sessions are as they were.'}{' '}
          {isUnused && 'Nothing has come through yet: point your client here next.'}
        </p>
      </div>
      <IdentityFacts identity={view.identity} />
      <div className="dialog-actions">
        {accountId !== null && (
          <Button look="quiet" data-start="" onClick={() => show('accounts', accountId)}>
            Show account
          </Button>
        )}
        {isUnused && <Button onClick={() => show('clients')}>Set up a client</Button>}
        <Button look="primary" data-autofocus="" onClick={onClose}>
          Done
        </Button>
      </div>
    </DialogStep>
  );
}
