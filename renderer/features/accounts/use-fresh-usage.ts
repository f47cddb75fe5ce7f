import { useEffect, useRef } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { call } from '../../api/client.ts';

/** Readings older than this are asked for again when the page opens; ms. */
const FRESH_FOR = 10 * 60_000;

/**
 * Has the usage page read for every login whose newest reading is old. Each account is considered once, when the
 * page first shows it: what the answer does to the account never leads to another question. A refusal shows on
 * the card.
 */
export function useFreshUsage(accounts: readonly AccountView[]): void {
  const considered = useRef(new Set<string>());
  useEffect(() => {
    for (const account of accounts) {
      if (considered.current.has(account.id)) continue;
      considered.current.add(account.id);
      if (isDue(account, Date.now())) call('accounts.checkUsage', { id: account.id }).catch(() => undefined);
    }
  }, [accounts]);
}

function isDue({ state, usageCheck, readings }: AccountView, now: number): boolean {
  if (usageCheck === null || usageCheck.nextAt > now || state === 'sign-in-needed') return false;
  const newest = Math.max(0, ...readings.map((reading) => reading.observedAt));
  return now - newest > FRESH_FOR;
}
