import { type AccountView, DEFAULT_BASE_URL } from '../../../shared/account.ts';
import { useAction } from '../../api/mutations.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';

/** Says what removing deletes here, what stays valid at the provider, and where to end that. */
export function RemoveDialog({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const action = useAction('accounts.remove', `Could not remove ${account.name}`);
  const secret = account.kind === 'api-key' ? 'key' : 'login';
  return (
    <ConfirmDialog
      title={`Remove ${account.name}?`}
      description={
        <div className="dialog-text">
          <p>
            Its {secret} is overwritten and deleted on this computer, and it gets no more requests; its
            sessions move to other accounts. Requests in progress finish. Its past requests stay in the log.
          </p>
          <Revoke account={account} />
        </div>
      }
      confirm="Remove account"
      busy={action.isPending}
      onConfirm={() => action.mutate({ id: account.id }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function Revoke({ account }: { account: AccountView }) {
  const open = useAction('app.openExternal', 'Could not open the browser');
  if (account.kind === 'oauth') {
    return (
      <p>
        The login itself stays valid at the provider until you end it there.{' '}
        <button
          type="button"
          className="link-button"
          onClick={() => open.mutate({ link: 'provider-revoke' })}
        >
          Open the page that lists your logins
        </button>
      </p>
    );
  }
  if (account.baseUrl !== DEFAULT_BASE_URL) {
    return <p>The key itself stays valid until you revoke it where you got it.</p>;
  }
  return (
    <p>
      The key itself stays valid at the provider until you delete it there.{' '}
      <button type="button" className="link-button" onClick={() => open.mutate({ link: 'provider-keys' })}>
        Open the page with your keys
      </button>
    </p>
  );
}
