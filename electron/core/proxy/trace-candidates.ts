import type { TraceCandidate } from '../../../shared/request-record.ts';
import type { Plan } from '../ports.ts';

/** Accounts kept in a trace; the schema's bound. */
const MAX_CANDIDATES = 200;

/** Every account that was looked at for a request, in order, each with its reason. */
export function candidatesOf(plan: Plan): TraceCandidate[] {
  const out: TraceCandidate[] = plan.accounts.map(({ account, reasonCode, reason }, index) => ({
    accountId: account.id,
    accountName: account.name,
    decision: index === 0 ? 'chosen' : 'fallback',
    reasonCode,
    reason,
    until: null,
  }));
  for (const { account, reasonCode, reason, until } of plan.skipped) {
    out.push({
      accountId: account.id,
      accountName: account.name,
      decision: 'skipped',
      reasonCode,
      reason,
      until,
    });
  }
  return out.slice(0, MAX_CANDIDATES);
}
