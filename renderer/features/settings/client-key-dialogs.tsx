import type { ClientKeyView } from '../../../shared/client-key.ts';
import { calls } from '../../../shared/ipc/contract.ts';
import { useAction } from '../../api/mutations.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { OneFieldDialog } from '../../components/one-field-dialog.tsx';
import { fieldErrors } from '../../components/use-form.ts';

type Props = { entry: ClientKeyView; onClose: () => void };

/** Makes a key for a client; it is copied from the list afterwards. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const action = useAction('clientKeys.create', null);
  return (
    <OneFieldDialog
      title="Create client key"
      label="Name"
      hint="The client or computer part that will use it, such as terminal or editor"
      initial=""
      confirm="Create"
      validate={(name) => fieldErrors(['name'], calls['clientKeys.create'].argument.safeParse({ name })).name}
      save={(name) => action.mutateAsync({ name })}
      onClose={onClose}
    />
  );
}

/** Changes the label of a key. */
export function RenameKeyDialog({ entry, onClose }: Props) {
  const action = useAction('clientKeys.rename', null);
  const argument = (name: string) => ({ id: entry.id, name });
  return (
    <OneFieldDialog
      title={`Rename key ${entry.name}`}
      label="Name"
      initial={entry.name}
      confirm="Rename"
      validate={(name) =>
        fieldErrors(['name'], calls['clientKeys.rename'].argument.safeParse(argument(name))).name
      }
      save={(name) => action.mutateAsync(argument(name))}
      onClose={onClose}
    />
  );
}

/** Ends a key for good. */
export function RevokeKeyDialog({ entry, onClose }: Props) {
  const action = useAction('clientKeys.revoke', `Could not revoke ${entry.name}`);
  return (
    <ConfirmDialog
      title={`Revoke key ${entry.name}?`}
      description="Clients that use it are refused from now on and need another key. It cannot be made valid again; its past requests stay in the log."
      confirm="Revoke key"
      busy={action.isPending}
      onConfirm={() => action.mutate({ id: entry.id }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
