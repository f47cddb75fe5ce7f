import type { AccountView } from '../../shared/account.ts';
import { canServe } from '../../shared/account.ts';
import type { PoolState } from '../../shared/app-state.ts';

/** Sums up for people whether work can go on. Pure. */
export function poolStateOf({
  accounts,
  nextAccountId,
}: {
  accounts: readonly AccountView[];
  nextAccountId: string | null;
}): Omit<PoolState, 'forecast' | 'held'> {
  const able = accounts.filter((account) => canServe(account.state));
  const returns = accounts.flatMap((account) => (account.until === null ? [] : [account.until]));
  const backAt = able.length === 0 && returns.length > 0 ? Math.min(...returns) : null;
  const phase = phaseOf(accounts.length, able.length, backAt);
  return {
    phase,
    total: accounts.length,
    canServe: able.length,
    nextAccountId,
    backAt,
    summary: summaryOf(phase, accounts.length, able.length),
  };
}

function phaseOf(total: number, able: number, backAt: number | null): PoolState['phase'] {
  if (total === 0) return 'empty';
  if (able > 0) return 'serving';
  return backAt === null ? 'down' : 'cooling';
}

function summaryOf(phase: PoolState['phase'], total: number, able: number): string {
  switch (phase) {
    case 'empty':
      return 'No accounts yet.';
    case 'serving':
      return able === total
        ? `${total === 1 ? 'The account' : `All ${total} accounts`} can serve.`
        : `${able} of ${total} accounts can serve.`;
    case 'cooling':
      return 'No account can serve now.';
    case 'down':
      return 'No account can serve. At least one needs you.';
  }
}
