import { formatTokens } from '../../../shared/format.ts';
import type { SessionMove } from '../../../shared/session.ts';
import type { Clock } from '../clock.ts';
import type { Verdict } from '../limit-ports.ts';
import type { Account, Audit, EventLog } from '../ports.ts';
import type { OwnErrorCode } from './own-errors.ts';

/** The same news about the same account is told once in this time, ms. */
const QUIET_MS = 60_000;

/** That money was spent is told once in this time, ms. */
const QUIET_ABOUT_MONEY_MS = 10 * 60_000;

/** Kept to know what was told; of more the oldest are forgotten. */
const MAX_REMEMBERED = 500;

/** What people are told about the way of requests, without flooding them. */
export type ProxyEvents = {
  /** An account must rest. */
  cooled(account: Account, verdict: Verdict): void;
  /** A request that `from` could not serve was answered by `to`. */
  failedOver(from: Account, to: Account, reason: string): void;
  /** A session whose thinking is bound to its account, and with it a warm cache, went on elsewhere. */
  sessionMoved(sessionId: string, move: SessionMove): void;
  /** The account that costs money served, since no other could. */
  paidFallback(account: Account): void;
  /** The guard said no. */
  refused(code: OwnErrorCode): void;
};

/** See {@link ProxyEvents}. */
export function createProxyEvents(deps: { events: EventLog; audit: Audit; clock: Clock }): ProxyEvents {
  const told = new Map<string, number>();

  function news(key: string, quietMs = QUIET_MS): boolean {
    const now = deps.clock.monotonic();
    const last = told.get(key);
    if (last !== undefined && now - last < quietMs) return false;
    told.delete(key);
    told.set(key, now);
    for (const oldest of told.keys()) {
      if (told.size <= MAX_REMEMBERED) break;
      told.delete(oldest);
    }
    return true;
  }

  return {
    cooled(account, verdict) {
      if (verdict.cooldown === undefined || !news(`cooled ${account.id} ${verdict.code}`)) return;
      deps.events.add({
        level: verdict.cooldown.attention === true ? 'bad' : 'warn',
        code: 'account_cooldown',
        message: `"${account.name}" rests: ${verdict.reason}`,
        accountId: account.id,
      });
    },
    failedOver(from, to, reason) {
      if (!news(`failover ${from.id} ${to.id}`)) return;
      deps.events.add({
        level: 'warn',
        code: 'failover',
        message: `Requests moved from "${from.name}" to "${to.name}": ${reason}`,
        accountId: from.id,
      });
    },
    sessionMoved(sessionId, move) {
      if (!move.accountBound || move.cacheTokens === 0 || !news(`moved ${sessionId}`)) return;
      deps.events.add({ level: 'warn', code: 'session_moved', ...wordsOf(move) });
    },
    paidFallback(account) {
      if (!news(`paid ${account.id}`, QUIET_ABOUT_MONEY_MS)) return;
      deps.events.add({
        level: 'warn',
        code: 'paid_fallback_used',
        message: `"${account.name}" serves and costs money, since no other account can serve.`,
        accountId: account.id,
      });
    },
    refused(code) {
      if (!AUDITED.has(code) || !news(`refused ${code}`)) return;
      deps.audit.write({
        actor: 'proxy',
        action: 'request.refused',
        subject: null,
        outcome: 'refused',
        detail: `${code}; further ones of this kind within a minute are not listed`,
      });
    },
  };
}

function wordsOf(move: SessionMove): { message: string; accountId: string } {
  const { fromAccountName, toAccountName, toAccountId, reason, cacheTokens } = move;
  const again =
    cacheTokens === null
      ? 'what was cached there is written again'
      : `${formatTokens(cacheTokens)} cached tokens are written again`;
  const lost = `What the model had thought there is lost, and ${again}.`;
  return {
    message: `A session moved from "${fromAccountName}" to "${toAccountName}": ${reason.replace(/\.$/, '')}. ${lost}`,
    accountId: toAccountId,
  };
}

/** Refusals that may be somebody trying. */
const AUDITED: ReadonlySet<OwnErrorCode> = new Set([
  'wrong_key',
  'missing_key',
  'too_many_failures',
  'foreign_host',
  'browser_request',
]);
