import { LoaderCircle } from 'lucide-react';
import { useId, useState } from 'react';
import type { AccountView, CooldownView } from '../../../shared/account.ts';
import { useAction } from '../../api/mutations.ts';
import { Button } from '../../components/button.tsx';
import { Countdown } from '../../components/countdown.tsx';
import { Time } from '../../components/time.tsx';
import { cooldownScope } from './cooldown-scope.ts';

type CooldownProps = { account: AccountView; cooldown: CooldownView };

/** Why an account, or one bucket of it, gets no requests: cause, evidence, end, and the two ways to lift it. */
export function CooldownPanel({ account, cooldown }: CooldownProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const scope = cooldownScope(account, cooldown.bucket);
  return (
    <section className="cooldown" aria-label={`Cooldown of ${scope}`}>
      <div className="small">
        <strong>{capitalised(scope)}</strong> <span className="secondary">{cooldown.reason}</span>
        <div className="cooldown-end">
          <End cooldown={cooldown} />
        </div>
      </div>
      <button
        type="button"
        className="link-button small"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide' : 'Inspect'}
        <span className="visually-hidden"> {scope}</span>
      </button>
      <div id={id} className="cooldown-detail" hidden={!open}>
        {open && (
          <>
            <CooldownFacts cooldown={cooldown} />
            <CooldownActions account={account} cooldown={cooldown} />
          </>
        )}
      </div>
    </section>
  );
}

function End({ cooldown: { probing, until } }: { cooldown: CooldownView }) {
  if (probing) {
    return (
      <span className="mark" data-tone="accent" role="status">
        <LoaderCircle size={12} aria-hidden />
        Being tried: the next request decides
      </span>
    );
  }
  return until === null ? 'No end is known' : <Countdown to={until} />;
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
      <dd>
        {cooldown.until === null ? (
          'Nobody knows when: the provider named no end. It stays until a try works, or until you clear it.'
        ) : (
          <Time at={cooldown.until} show="return" />
        )}
        {cooldown.guessed === true && ', a guess: the provider named no end'}
      </dd>
      <dt>Seen</dt>
      <dd className="cooldown-evidence">
        {cooldown.evidence.length === 0
          ? 'nothing recorded'
          : cooldown.evidence.map((line) => <code key={line}>{line}</code>)}
      </dd>
    </dl>
  );
}

function CooldownActions({ account, cooldown }: CooldownProps) {
  const { bucket, probing } = cooldown;
  const clear = useAction('accounts.clearCooldown', `Could not clear the cooldown of ${account.name}`);
  const tryNow = useAction('accounts.tryNow', `Could not have ${account.name} tried`);
  // Only marked as disabled, so that the focus stays where it is.
  const isOff = probing || tryNow.isPending;
  return (
    <div className="cooldown-actions">
      <Button
        aria-disabled={isOff}
        onClick={() => {
          if (!isOff) tryNow.mutate({ id: account.id, bucket });
        }}
      >
        Try now
      </Button>
      <Button onClick={() => clear.mutate({ id: account.id, bucket })} disabled={clear.isPending}>
        Clear
      </Button>
      <p className="small secondary">
        Try now lets one request through, and a refusal brings the cooldown back; Clear forgets it, so all
        requests may go there at once.
      </p>
    </div>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
