import type { ReactNode } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import type { AppState, PoolState } from '../../../shared/app-state.ts';
import { formatPercent } from '../../../shared/format.ts';
import { useAction } from '../../api/mutations.ts';
import { useFromState, useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { tightestWindow, usedShare } from '../../components/limit-reading.ts';
import { PoolMark } from '../../components/pool-mark.tsx';
import { Time } from '../../components/time.tsx';
import { Outlook } from './outlook.tsx';

const OFF_TITLES = { stopped: 'The proxy is off', failed: 'The proxy is not listening' };

/** The first answer: can I keep working, on which account, until when. */
export function Headline() {
  const proxy = useSlice('proxy');
  const pool = useSlice('pool');
  const off = proxy.phase === 'stopped' || proxy.phase === 'failed';
  return (
    <section className="headline" aria-label="State">
      <PoolMark phase={off ? 'down' : pool.phase} size={18} />
      <h1>{off ? OFF_TITLES[proxy.phase === 'failed' ? 'failed' : 'stopped'] : <PoolTitle pool={pool} />}</h1>
      {off ? <SwitchOn /> : <PoolAction empty={pool.phase === 'empty'} />}
      <p className="headline-line">
        {off ? 'Clients that are set up for ccflare get no answer until it is on.' : <PoolLine pool={pool} />}
      </p>
      {!off && <Outlook pool={pool} />}
    </section>
  );
}

function PoolTitle({ pool }: { pool: PoolState }): ReactNode {
  if (pool.phase === 'serving') return 'You can keep working';
  if (pool.phase === 'empty') return 'No accounts yet';
  if (pool.backAt === null) return 'No account can serve';
  return (
    <>
      The first account is back at <Time at={pool.backAt} show="return" />
    </>
  );
}

function PoolLine({ pool }: { pool: PoolState }) {
  const account = useFromState(servingAccount);
  if (pool.phase !== 'serving' || !account) return pool.summary;
  return (
    <>
      {account.state === 'serving' ? 'On ' : 'Next on '}
      <strong>{account.name}</strong>
      <WindowWords account={account} />
    </>
  );
}

function servingAccount(state: AppState): AccountView | null {
  const serving = state.accounts.find((account) => account.state === 'serving');
  return serving ?? state.accounts.find((account) => account.id === state.pool.nextAccountId) ?? null;
}

function WindowWords({ account }: { account: AccountView }) {
  const reading = tightestWindow(account.readings);
  if (!reading) return account.kind === 'api-key' ? ', paid per token' : null;
  return (
    <>
      {`: ${reading.label} ${formatPercent(usedShare(reading) ?? 0)} used`}
      {reading.resetAt !== null && (
        <>
          {', resets '}
          <Time at={reading.resetAt} show="return" />
        </>
      )}
    </>
  );
}

function PoolAction({ empty }: { empty: boolean }) {
  if (!empty) return <span />;
  return (
    <Button look="primary" onClick={() => openDialog({ kind: 'add-account' })}>
      Add account
    </Button>
  );
}

function SwitchOn() {
  const setEnabled = useAction('proxy.setEnabled', 'Could not switch the proxy on');
  return (
    <Button
      look="primary"
      onClick={() => setEnabled.mutate({ enabled: true })}
      disabled={setEnabled.isPending}
    >
      Switch on
    </Button>
  );
}
