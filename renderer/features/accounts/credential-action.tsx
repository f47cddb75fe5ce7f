import type { AccountView } from '../../../shared/account.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { credentialSteps } from './credential-steps.ts';

/** The way back for an account whose key or login is refused; nothing for any other. */
export function CredentialAction({ account }: { account: AccountView }) {
  if (account.state !== 'sign-in-needed') return null;
  return (
    <div className="account-action">
      {credentialSteps(account).map(({ label, icon: Icon, request }, index) => (
        <Button
          key={request.kind}
          look={index === 0 ? 'primary' : 'plain'}
          onClick={() => openDialog(request)}
        >
          <Icon size={14} aria-hidden />
          {label}
          <span className="visually-hidden"> for {account.name}</span>
        </Button>
      ))}
    </div>
  );
}
