import type { Clock } from '../clock.ts';
import type { Account, Audit, EventLog, Verdict } from '../ports.ts';
import type { OwnErrorCode } from './own-errors.ts';

/** The same news about the same account is told once in this time, ms. */
const QUIET_MS = 60_000;

/** Kept to know what was told; more than this are swept out. */
const MAX_REMEMBERED = 500;

/** What people are told about the way of requests, without flooding them. */
export type ProxyEvents = {
  /** An account must rest. */
  cooled(account: Account, verdict: Verdict): void;
  /** A request that `from` could not serve was answered by `to`. */
  failedOver(from: Account, to: Account, reason: string): void;
  /** The guard said no. */
  refused(code: OwnErrorCode): void;
};

/** See {@link ProxyEvents}. */
export function createProxyEvents(deps: { events: EventLog; audit: Audit; clock: Clock }): ProxyEvents {
  const told = new Map<string, number>();

  function news(key: string): boolean {
    const now = deps.clock.monotonic();
    const last = told.get(key);
    if (last !== undefined && now - last < QUIET_MS) return false;
    if (told.size >= MAX_REMEMBERED) told.clear();
    told.set(key, now);
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

/** Refusals that may be somebody trying. */
const AUDITED: ReadonlySet<OwnErrorCode> = new Set([
  'wrong_key',
  'missing_key',
  'too_many_failures',
  'foreign_host',
  'browser_request',
]);
