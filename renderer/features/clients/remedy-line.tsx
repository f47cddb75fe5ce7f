import { Copy } from 'lucide-react';
import { useId } from 'react';
import type { Finding } from '../../../shared/clients.ts';
import { useCopy } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';

type Props = { findingId: string; remedy: NonNullable<Finding['remedy']> };

/** A command for what only the user can do, with what to know about it. */
export function RemedyLine({ findingId, remedy }: Props) {
  const noteId = useId();
  const copy = useCopy();
  return (
    <div className="remedy">
      <p id={noteId} className="small secondary">
        {remedy.note}
      </p>
      <div className="remedy-command">
        <code>{remedy.command}</code>
        <Button onClick={() => copy.mutate({ what: 'command', findingId })} aria-describedby={noteId}>
          <Copy size={14} aria-hidden />
          Copy command
        </Button>
      </div>
    </div>
  );
}
