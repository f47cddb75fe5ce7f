import type { Account, Plan, RoutingRequest } from '../ports.ts';
import type { Ledger } from './ledger.ts';
import type { ProxyCore } from './proxy-core.ts';

/** Lets the board know that the session of a request has begun one; once per request, as soon as it is known. */
export function joinBoard({ board }: ProxyCore, ledger: Ledger): void {
  if (ledger.onBoard || ledger.sessionId === null) return;
  ledger.onBoard = true;
  board.started(ledger.sessionId, ledger.startedAt, ledger.project);
}

/** Notes which account serves a session now, and what it cost it to come there from another. */
export function noteSession(
  { board, clock, news }: ProxyCore,
  ledger: Ledger,
  served: { readonly routing: RoutingRequest; readonly plan: Plan; readonly account: Account },
): void {
  const { sessionId, model } = ledger;
  const { routing, plan, account } = served;
  if (sessionId === null || !routing.bind) return;
  const move = board.moved(sessionId, model, account, reasonOf(plan, account, ledger), clock.now());
  if (move === null) return;
  // Only now it is known where it came from.
  ledger.move = { ...move, reason: ledger.whyLeft(move.fromAccountId) ?? move.reason };
  news.sessionMoved(sessionId, ledger.move);
}

/** Most likely why the session is not where it was: its account comes first in a plan, or was the one left out. */
function reasonOf({ accounts, skipped }: Plan, account: Account, ledger: Ledger): string {
  const [first] = accounts;
  if (first === undefined) return '';
  if (first.account.id !== account.id) return ledger.whyLeft(first.account.id) ?? first.reason;
  const [only, ...others] = skipped;
  const known = first.reasonCode === 'moved' && only !== undefined && others.length === 0;
  return known ? only.reason : first.reason;
}
