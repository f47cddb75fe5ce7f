import { Copy } from 'lucide-react';
import { useCopy } from '../../api/mutations.ts';
import { useFromState, useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { usableKey } from '../../components/usable-key.ts';

/** Where clients connect. Keys are named here and copied by the main process; the page never has one. */
export function ConnectPanel() {
  return (
    <section aria-labelledby="connect-title">
      <div className="section-head">
        <h2 id="connect-title">Connect a client</h2>
      </div>
      <AddressRow />
      <KeyRow />
      <ShellRow />
    </section>
  );
}

function AddressRow() {
  const port = useFromState((state) => state.proxy.port ?? state.settings.port);
  const copy = useCopy();
  return (
    <div className="connect-row">
      <span className="secondary">Base URL</span>
      <code className="truncate">http://127.0.0.1:{port}</code>
      <IconButton icon={Copy} label="Copy base URL" onClick={() => copy.mutate({ what: 'address' })} />
    </div>
  );
}

function KeyRow() {
  const key = usableKey(useSlice('clientKeys'));
  const copy = useCopy();
  if (!key) {
    return (
      <div className="connect-row">
        <span className="secondary">Key</span>
        <span className="faint">none that can be copied</span>
        <Button onClick={() => openDialog({ kind: 'create-key' })}>Create</Button>
      </div>
    );
  }
  return (
    <div className="connect-row">
      <span className="secondary">Key</span>
      <span className="truncate">
        {key.name} <code className="faint">…{key.hint}</code>
      </span>
      <IconButton
        icon={Copy}
        label={`Copy key ${key.name}`}
        onClick={() => copy.mutate({ what: 'client-key', keyId: key.id })}
      />
    </div>
  );
}

function ShellRow() {
  const key = usableKey(useSlice('clientKeys'));
  const copy = useCopy();
  if (!key) return null;
  return (
    <div className="connect-row">
      <span className="secondary">Shell</span>
      <code className="truncate">export ANTHROPIC_BASE_URL=…</code>
      <IconButton
        icon={Copy}
        label="Copy shell line"
        onClick={() => copy.mutate({ what: 'shell-export', keyId: key.id })}
      />
    </div>
  );
}
