import { Check, Copy, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAction, useCopy } from '../../api/mutations.ts';
import { useFromState, useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { usableKey } from '../../components/usable-key.ts';

/** The way to the first answered request, one step at a time. */
export function FirstRun() {
  const accounts = useFromState((state) => state.accounts.length);
  return (
    <div className="page">
      <h1>Set up ccflare</h1>
      <p className="secondary">One local address for all your Claude accounts, in three steps.</p>
      <ol className="steps">
        <Step number={1} title="Add an account" state={accounts > 0 ? 'done' : 'now'}>
          {accounts > 0 ? (
            <span className="secondary">
              {accounts === 1 ? '1 account is ready.' : `${accounts} accounts.`}
            </span>
          ) : (
            <AddFirstAccount />
          )}
        </Step>
        <Step number={2} title="Point your client here" state={accounts > 0 ? 'now' : 'later'}>
          {accounts > 0 ? <PointClient /> : 'One line for your shell; your client keeps its own login.'}
        </Step>
        <Step number={3} title="Send the first request" state={accounts > 0 ? 'now' : 'later'}>
          {accounts > 0 ? <Waiting /> : 'It shows up here the moment it arrives.'}
        </Step>
      </ol>
    </div>
  );
}

type StepProps = { number: number; title: string; state: 'done' | 'now' | 'later'; children: ReactNode };

function Step({ number, title, state, children }: StepProps) {
  return (
    <li className="step" data-state={state}>
      <span className="step-number" aria-hidden>
        {state === 'done' ? <Check size={13} /> : number}
      </span>
      <div className="step-body">
        <h2>
          {title}
          {state === 'done' && <span className="visually-hidden"> (done)</span>}
        </h2>
        {children}
      </div>
    </li>
  );
}

function AddFirstAccount() {
  return (
    <>
      <span className="secondary">
        The API key of a Claude account you own. It is stored encrypted on this computer.
      </span>
      <Button look="primary" onClick={() => openDialog({ kind: 'add-account' })}>
        <Plus size={15} aria-hidden />
        Add account
      </Button>
    </>
  );
}

function PointClient() {
  const key = usableKey(useSlice('clientKeys'));
  const port = useFromState((state) => state.proxy.port ?? state.settings.port);
  const copy = useCopy();
  if (!key) {
    return (
      <>
        <span className="secondary">Clients need a key of their own. None of yours can be copied.</span>
        <Button look="primary" onClick={() => openDialog({ kind: 'create-key' })}>
          Create client key
        </Button>
      </>
    );
  }
  return (
    <>
      <span className="secondary">
        Run this in the shell that starts your client. It sets the address only; your client keeps its own
        login.
      </span>
      <div className="shell-line">
        <code className="truncate">
          export ANTHROPIC_BASE_URL=http://127.0.0.1:{port}/k/…{key.hint}
        </code>
        <Button look="primary" onClick={() => copy.mutate({ what: 'shell-export', keyId: key.id })}>
          <Copy size={14} aria-hidden />
          Copy
        </Button>
      </div>
    </>
  );
}

function Waiting() {
  const phase = useFromState((state) => state.proxy.phase);
  const setEnabled = useAction('proxy.setEnabled', 'Could not switch the proxy on');
  if (phase === 'listening') {
    return <span className="secondary">Waiting for it. Ask your client anything.</span>;
  }
  return (
    <>
      <span className="secondary">The proxy is not listening, so no request can arrive.</span>
      <Button onClick={() => setEnabled.mutate({ enabled: true })}>Switch on</Button>
    </>
  );
}
