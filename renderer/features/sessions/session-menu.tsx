import { Menu } from '@base-ui/react/menu';
import { ArrowRightLeft, Ellipsis, List, type LucideIcon, Pin, PinOff } from 'lucide-react';
import { type SessionRow, shortId } from './session-rows.ts';
import type { SessionQuestion } from './session-wish-dialog.tsx';

type SessionMenuProps = {
  row: SessionRow;
  onAsk: (question: SessionQuestion) => void;
  onOpen: (id: string) => void;
};

/** What can be done with a session. */
export function SessionMenu({ row, onAsk, onOpen }: SessionMenuProps) {
  const ask = (kind: SessionQuestion['kind']) => () => onAsk({ kind, sessionId: row.id });
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={`Actions for session ${shortId(row.id)}`}>
        <Ellipsis size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" align="end" sideOffset={4}>
          <Menu.Popup className="popup">
            <Entry icon={ArrowRightLeft} label="Move to…" shortcut="m" onClick={ask('move')} />
            <Entry icon={Pin} label="Pin to…" shortcut="p" onClick={ask('pin')} />
            <Entry
              icon={PinOff}
              label="Release"
              {...(row.pinnedTo !== null && { shortcut: 'r' })}
              onClick={ask('release')}
            />
            <div className="popup-line" />
            <Entry icon={List} label="Show its requests" shortcut="↵" onClick={() => onOpen(row.id)} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

type EntryProps = { icon: LucideIcon; label: string; shortcut?: string; onClick: () => void };

function Entry({ icon: Icon, label, shortcut, onClick }: EntryProps) {
  return (
    <Menu.Item className="popup-item" onClick={onClick}>
      <Icon size={15} aria-hidden />
      {label}
      {shortcut !== undefined && (
        <kbd className="popup-key" aria-hidden>
          {shortcut}
        </kbd>
      )}
    </Menu.Item>
  );
}
