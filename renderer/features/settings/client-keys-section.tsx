import { Menu } from '@base-ui/react/menu';
import { Copy, Ellipsis, Link, PencilLine, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ClientKeyView } from '../../../shared/client-key.ts';
import { useCopy } from '../../api/mutations.ts';
import { useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Time } from '../../components/time.tsx';
import { RenameKeyDialog, RevokeKeyDialog } from './client-key-dialogs.tsx';
import { KeyExhaustion } from './key-exhaustion.tsx';

type Question = { kind: 'rename' | 'revoke'; key: ClientKeyView };

/** Keys by which clients may use the proxy. Valid ones first; revoked ones stay listed for their history. */
export function ClientKeysSection() {
  const keys = useSlice('clientKeys');
  const [question, setQuestion] = useState<Question | null>(null);
  const sorted = [...keys].sort((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null));
  const close = () => setQuestion(null);
  return (
    <>
      <ul>
        {sorted.map((key) => (
          <KeyRow key={key.id} entry={key} onAsk={(kind) => setQuestion({ kind, key })} />
        ))}
      </ul>
      {keys.length > 0 && (
        <p className="small secondary keys-note">
          The choice beside a key is what its requests get when no account can serve.
        </p>
      )}
      {keys.length === 0 && <p className="group-note secondary">No client has a key yet.</p>}
      <div className="group-foot">
        <Button onClick={() => openDialog({ kind: 'create-key' })}>
          <Plus size={15} aria-hidden />
          Create client key
        </Button>
      </div>
      {question?.kind === 'rename' && <RenameKeyDialog entry={question.key} onClose={close} />}
      {question?.kind === 'revoke' && <RevokeKeyDialog entry={question.key} onClose={close} />}
    </>
  );
}

type KeyRowProps = { entry: ClientKeyView; onAsk: (kind: Question['kind']) => void };

function KeyRow({ entry, onAsk }: KeyRowProps) {
  const copy = useCopy();
  const revoked = entry.revokedAt !== null;
  return (
    <li className="key-row" data-revoked={revoked || undefined}>
      <div className="key-words">
        <span className="truncate">
          {entry.name} <code className="faint">…{entry.hint}</code>
        </span>
        <span className="small secondary">
          <KeyHistory entry={entry} />
        </span>
      </div>
      {revoked ? <span /> : <KeyExhaustion entry={entry} />}
      {!revoked && entry.copyable ? (
        <IconButton
          icon={Copy}
          label={`Copy key ${entry.name}`}
          onClick={() => copy.mutate({ what: 'client-key', keyId: entry.id })}
        />
      ) : (
        <span />
      )}
      {!revoked && <KeyMenu entry={entry} onAsk={onAsk} />}
    </li>
  );
}

function KeyHistory({ entry }: { entry: ClientKeyView }) {
  if (entry.revokedAt !== null) {
    return (
      <>
        Revoked <Time at={entry.revokedAt} />
      </>
    );
  }
  return (
    <>
      {entry.lastUsedAt === null ? 'Never used' : <LastUse at={entry.lastUsedAt} />}
      {', created '}
      <Time at={entry.createdAt} />
      {!entry.copyable && ', cannot be copied any more'}
    </>
  );
}

function LastUse({ at }: { at: number }) {
  return (
    <>
      Used <Time at={at} />
    </>
  );
}

function KeyMenu({ entry, onAsk }: KeyRowProps) {
  const copy = useCopy();
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label={`Actions for key ${entry.name}`}>
        <Ellipsis size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" align="end" sideOffset={4}>
          <Menu.Popup className="popup">
            {entry.copyable && (
              <>
                <Menu.Item
                  className="popup-item"
                  onClick={() => copy.mutate({ what: 'address-with-key', keyId: entry.id })}
                >
                  <Link size={15} aria-hidden />
                  Copy address with key
                </Menu.Item>
                <Menu.Item
                  className="popup-item"
                  onClick={() => copy.mutate({ what: 'shell-export', keyId: entry.id })}
                >
                  <Copy size={15} aria-hidden />
                  Copy shell line
                </Menu.Item>
                <div className="popup-line" />
              </>
            )}
            <Menu.Item className="popup-item" onClick={() => onAsk('rename')}>
              <PencilLine size={15} aria-hidden />
              Rename…
            </Menu.Item>
            <Menu.Item className="popup-item" data-danger="" onClick={() => onAsk('revoke')}>
              <Trash2 size={15} aria-hidden />
              Revoke…
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
