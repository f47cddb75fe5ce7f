import { useEffect } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { calls } from '../../../shared/ipc/contract.ts';
import { useAction } from '../../api/mutations.ts';
import { useSlice } from '../../api/queries.ts';
import { OneFieldDialog } from '../../components/one-field-dialog.tsx';
import { fieldErrors } from '../../components/use-form.ts';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { PRIORITY_WORDS } from './priority-words.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { ReplaceTokenDialog } from './replace-token-dialog.tsx';

/** Questions that can be asked about one account. */
export type AccountQuestion =
  | 'rename-account'
  | 'account-priority'
  | 'account-endpoint'
  | 'replace-key'
  | 'replace-token'
  | 'remove-account';

type Props = { account: AccountView; onClose: () => void };

/** The dialog for one account; closes by itself when the account is gone. */
export function AccountDialog(props: { kind: AccountQuestion; accountId: string; onClose: () => void }) {
  const account = useSlice('accounts').find((entry) => entry.id === props.accountId);
  const { kind, onClose } = props;
  useEffect(() => {
    if (!account) onClose();
  }, [account, onClose]);
  if (!account) return null;
  switch (kind) {
    case 'rename-account':
      return <RenameDialog account={account} onClose={onClose} />;
    case 'account-priority':
      return <PriorityDialog account={account} onClose={onClose} />;
    case 'account-endpoint':
      return <EndpointDialog account={account} onClose={onClose} />;
    case 'replace-key':
      return <ReplaceKeyDialog account={account} onClose={onClose} />;
    case 'replace-token':
      return <ReplaceTokenDialog account={account} onClose={onClose} />;
    case 'remove-account':
      return <RemoveDialog account={account} onClose={onClose} />;
  }
}

function RenameDialog({ account, onClose }: Props) {
  const action = useAction('accounts.rename', null);
  const argument = (name: string) => ({ id: account.id, name });
  return (
    <OneFieldDialog
      title={`Rename ${account.name}`}
      label="Name"
      initial={account.name}
      confirm="Rename"
      validate={(name) =>
        fieldErrors(['name'], calls['accounts.rename'].argument.safeParse(argument(name))).name
      }
      save={(name) => action.mutateAsync(argument(name))}
      onClose={onClose}
    />
  );
}

function PriorityDialog({ account, onClose }: Props) {
  const action = useAction('accounts.setPriority', null);
  const argument = (text: string) => ({
    id: account.id,
    priority: text.trim() === '' ? Number.NaN : Number(text),
  });
  const isRight = (text: string) => calls['accounts.setPriority'].argument.safeParse(argument(text)).success;
  return (
    <OneFieldDialog
      title={`Priority of ${account.name}`}
      label="Priority"
      hint="Lower is preferred. Running sessions stay where they are."
      initial={String(account.priority)}
      confirm="Save"
      validate={(text) => (isRight(text) ? undefined : PRIORITY_WORDS)}
      save={(text) => action.mutateAsync(argument(text))}
      onClose={onClose}
    />
  );
}

function ReplaceKeyDialog({ account, onClose }: Props) {
  const action = useAction('accounts.replaceKey', null);
  const argument = (apiKey: string) => ({ id: account.id, apiKey });
  return (
    <OneFieldDialog
      title={`Replace the key of ${account.name}`}
      label="New API key"
      hint="The old key is forgotten. Name, priority, history and sessions stay."
      initial=""
      secret
      confirm="Replace key"
      validate={(text) =>
        fieldErrors(['apiKey'], calls['accounts.replaceKey'].argument.safeParse(argument(text))).apiKey
      }
      save={(text) => action.mutateAsync(argument(text))}
      onClose={onClose}
    />
  );
}
