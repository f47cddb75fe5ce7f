import { Copy } from 'lucide-react';
import { useId, useState } from 'react';
import type { ClientKeyView } from '../../../shared/client-key.ts';
import type { Snippet, SnippetTarget } from '../../../shared/clients.ts';
import { useCopy } from '../../api/mutations.ts';
import { useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';

/** A set-up to copy, for any client. The key in it is hidden here; the main process puts the real one in. */
export function SnippetPicker({ snippets }: { snippets: readonly Snippet[] }) {
  const [target, setTarget] = useState<SnippetTarget | null>(null);
  const snippet = snippets.find((entry) => entry.target === target) ?? snippets[0];
  if (!snippet) return <p className="secondary">There is nothing to copy.</p>;
  const options = snippets.map(({ target: value, label }) => ({ value, label }));
  return (
    <div className="snippet">
      <div className="snippet-head">
        <Select label="Client or shell" value={snippet.target} options={options} onChange={setTarget} />
        <CopyControls target={snippet.target} />
      </div>
      <SnippetText snippet={snippet} />
    </div>
  );
}

function SnippetText({ snippet }: { snippet: Snippet }) {
  const noteId = useId();
  return (
    <>
      <section
        className="snippet-text"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, and keyboards have to reach that.
        tabIndex={0}
        aria-label={`Set-up for ${snippet.label}`}
        aria-describedby={noteId}
      >
        <pre>
          <code>{snippet.text}</code>
        </pre>
      </section>
      <p id={noteId} className="small secondary">
        {snippet.note}
      </p>
    </>
  );
}

/** With several keys the user says which client it is for; with none one has to be made first. */
function CopyControls({ target }: { target: SnippetTarget }) {
  const keys = useSlice('clientKeys').filter((key) => key.revokedAt === null && key.copyable);
  const [keyId, setKeyId] = useState<string | null>(null);
  const copy = useCopy();
  const key = keys.find((entry) => entry.id === keyId) ?? keys[0];
  if (!key) {
    return <Button onClick={() => openDialog({ kind: 'create-key' })}>Create client key</Button>;
  }
  return (
    <>
      {keys.length > 1 && <KeySelect keys={keys} value={key.id} onChange={setKeyId} />}
      <Button onClick={() => copy.mutate({ what: 'snippet', target, keyId: key.id })}>
        <Copy size={14} aria-hidden />
        Copy
      </Button>
    </>
  );
}

type KeySelectProps = { keys: readonly ClientKeyView[]; value: string; onChange: (keyId: string) => void };

function KeySelect({ keys, value, onChange }: KeySelectProps) {
  const options = keys.map(({ id, name, hint }) => ({ value: id, label: `Key ${name} …${hint}` }));
  return <Select label="Client key" value={value} options={options} onChange={onChange} />;
}
