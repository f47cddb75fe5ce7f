import { Menu } from '@base-ui/react/menu';
import {
  ArrowDownUp,
  Ellipsis,
  Globe,
  type LucideIcon,
  Pause,
  PencilLine,
  Pin,
  PinOff,
  Play,
  Trash2,
} from 'lucide-react';
import type { AccountView } from '../../../shared/account.ts';
import { useAction, useSettingsPatch } from '../../api/mutations.ts';
import { useFromState } from '../../api/queries.ts';
import { showError } from '../../api/toasts.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { credentialSteps } from './credential-steps.ts';

/** What can be done with an account. */
export function AccountMenu({ account }: { account: AccountView }) {
  const verb = account.paused ? 'Resume' : 'Pause';
  const setPaused = useAction('accounts.setPaused', `Could not ${verb.toLowerCase()} ${account.name}`);
  const accountId = account.id;
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={`Actions for ${account.name}`}>
        <Ellipsis size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" align="end" sideOffset={4}>
          <Menu.Popup className="popup">
            <Entry
              icon={account.paused ? Play : Pause}
              label={verb}
              onClick={() => setPaused.mutate({ id: accountId, paused: !account.paused })}
            />
            <PinEntry accountId={accountId} />
            <div className="popup-line" />
            <Entry
              icon={PencilLine}
              label="Rename…"
              onClick={() => openDialog({ kind: 'rename-account', accountId })}
            />
            <Entry
              icon={ArrowDownUp}
              label="Priority…"
              onClick={() => openDialog({ kind: 'account-priority', accountId })}
            />
            <Entry
              icon={Globe}
              label="Endpoint…"
              onClick={() => openDialog({ kind: 'account-endpoint', accountId })}
            />
            {credentialSteps(account).map(({ label, icon, request }) => (
              <Entry key={request.kind} icon={icon} label={`${label}…`} onClick={() => openDialog(request)} />
            ))}
            <div className="popup-line" />
            <Entry
              icon={Trash2}
              label="Remove…"
              danger
              onClick={() => openDialog({ kind: 'remove-account', accountId })}
            />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** Everything goes to a pinned account while it can serve; one at a time. */
function PinEntry({ accountId }: { accountId: string }) {
  const pinned = useFromState((state) => state.settings.pinnedAccountId === accountId);
  const patch = useSettingsPatch();
  return (
    <Entry
      icon={pinned ? PinOff : Pin}
      label={pinned ? 'Use automatically' : 'Use only this one'}
      onClick={() =>
        patch.mutate(
          { pinnedAccountId: pinned ? null : accountId },
          { onError: (error) => showError('Could not change the pin', error) },
        )
      }
    />
  );
}

type EntryProps = { icon: LucideIcon; label: string; onClick: () => void; danger?: boolean };

function Entry({ icon: Icon, label, onClick, danger = false }: EntryProps) {
  return (
    <Menu.Item className="popup-item" data-danger={danger || undefined} onClick={onClick}>
      <Icon size={15} aria-hidden />
      {label}
    </Menu.Item>
  );
}
