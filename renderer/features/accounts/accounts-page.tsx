import { Pause, Play, Plus } from 'lucide-react';
import { useAction } from '../../api/mutations.ts';
import { useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useTotalsToday } from '../../components/use-totals-today.ts';
import { AccountCard } from './account-card.tsx';
import { useFreshUsage } from './use-fresh-usage.ts';

/** All accounts with their limits, and what can be done with each. */
export function AccountsPage({ focusId }: { focusId: string | null }) {
  const accounts = useSlice('accounts');
  const today = useTotalsToday().data;
  useFreshUsage(accounts);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Accounts</h1>
        {accounts.length > 1 && <PauseAll />}
        {accounts.length > 0 && <AddButton />}
      </div>
      {accounts.length === 0 ? (
        <EmptyState title="No accounts yet" action={<AddButton />}>
          Add each Claude account you own: by API key, login, or from an older ccflare. Every request goes to
          the best one and moves on when a limit is reached.
        </EmptyState>
      ) : (
        <ul className="account-list">
          {accounts.map((account) => (
            <li key={account.id}>
              <AccountCard
                account={account}
                today={today?.byAccount[account.id]}
                focused={account.id === focusId}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function AddButton() {
  return (
    <Button look="primary" onClick={() => openDialog({ kind: 'add-account' })}>
      <Plus size={15} aria-hidden />
      Add account
    </Button>
  );
}

function PauseAll() {
  const accounts = useSlice('accounts');
  const allPaused = accounts.every((account) => account.paused);
  const setAll = useAction(
    'accounts.setAllPaused',
    `Could not ${allPaused ? 'resume' : 'pause'} all accounts`,
  );
  const Icon = allPaused ? Play : Pause;
  return (
    <Button onClick={() => setAll.mutate({ paused: !allPaused })} disabled={setAll.isPending}>
      <Icon size={14} aria-hidden />
      {allPaused ? 'Resume all' : 'Pause all'}
    </Button>
  );
}
