import { useState } from 'react';
import type { AccountView, CooldownView } from '../../../shared/account.ts';
import { useAction } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';
import { Time } from '../../components/time.tsx';

type CooldownPanelProps = { account: AccountView; cooldown: CooldownView };

/** Why an account, or one bucket of it, gets no requests: cause, evidence, end, and the way to lift it. */
export function CooldownPanel({ account, cooldown }: CooldownPanelProps) {
  const [open, setOpen] = useState(false);
  const scope = scopeWords(account, cooldown.bucket);
  const clear = useAction('accounts.clearCooldown', `Could not clear the cooldown of ${account.name}`);
  return (
    <section className="cooldown" aria-label={`Cooldown of ${scope}`}>
      <div className="small">
        <strong>{capitalised(scope)}</strong> <span className="secondary">{cooldown.reason}</span>
      </div>
      <button type="button" className="link-button small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide' : 'Inspect'}
      </button>
      {open && (
        <>
          <CooldownFacts cooldown={cooldown} />
          <Button
            onClick={() => clear.mutate({ id: account.id, bucket: cooldown.bucket })}
            disabled={clear.isPending}
          >
            Clear and try now
          </Button>
        </>
      )}
    </section>
  );
}

function CooldownFacts({ cooldown }: { cooldown: CooldownView }) {
  return (
    <dl className="cooldown-facts">
      <dt>Cause</dt>
      <dd>
        {cooldown.reason} <code className="faint">{cooldown.reasonCode}</code>
      </dd>
      <dt>Since</dt>
      <dd>
        <Time at={cooldown.startedAt} />
      </dd>
      <dt>Ends</dt>
      <dd>{cooldown.until === null ? 'when you clear it' : <Time at={cooldown.until} show="return" />}</dd>
      <dt>Seen</dt>
      <dd className="cooldown-evidence">
        {cooldown.evidence.length === 0
          ? 'nothing recorded'
          : cooldown.evidence.map((line) => <code key={line}>{line}</code>)}
      </dd>
    </dl>
  );
}

function scopeWords(account: AccountView, bucket: string): string {
  if (bucket === '*') return 'whole account';
  return account.readings.find((reading) => reading.bucket === bucket)?.label ?? bucket;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
