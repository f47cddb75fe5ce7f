import type { Clock } from '../clock.ts';
import type { Audit, Logger } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';

/** A failure that goes on is put on record this often, ms. */
const REPEAT_MS = 3_600_000;

/** Puts renewals on record: each success, and failures at most once an hour per account. Never throws. */
export type RefreshRecord = {
  renewed(row: AccountRow): void;
  /** `always`: also within the hour. */
  failed(row: AccountRow, reason: string, always: boolean): void;
  forget(id: string): void;
};

/** See {@link RefreshRecord}. */
export function createRefreshRecord(deps: { audit: Audit; clock: Clock; log: Logger }): RefreshRecord {
  const failures = new Map<string, number>();

  /** What is stored counts, whether or not it can be put on record. */
  function write(row: AccountRow, action: string, outcome: 'ok' | 'failed', detail: string | null): void {
    try {
      deps.audit.write({ actor: 'proxy', action, subject: row.name, outcome, detail });
    } catch {
      deps.log.error('audit_not_written', { action, account: row.name });
    }
  }

  return {
    renewed(row) {
      failures.delete(row.id);
      write(row, 'account.token_refreshed', 'ok', null);
    },
    failed(row, reason, always) {
      const now = deps.clock.monotonic();
      const last = failures.get(row.id);
      if (!always && last !== undefined && now - last < REPEAT_MS) return;
      failures.set(row.id, now);
      write(row, 'account.token_refresh_failed', 'failed', reason);
    },
    forget: (id) => void failures.delete(id),
  };
}
