import type { Clock, Timer } from '../clock.ts';
import type { Logger, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import { type MarkingDeps, markUnusable, markUsable } from './credential-state.ts';

const DAY_MS = 86_400_000;

/** The end of a token that cannot be renewed is said this long before, ms. */
const WARN_MS = 14 * DAY_MS;

/** Ends are looked at this often, ms; months lie between them. */
const LOOK_MS = 3_600_000;

/** Says in time that a long-lived token ends, and marks its account once it has. */
export function createTokenEnds(deps: MarkingDeps & { vault: Vault; clock: Clock; log: Logger }): {
  /** Looks at all of them, and from then on every hour. */
  look(): void;
} {
  const { book, vault, clock, log, events } = deps;
  /** Ends that were said, by account. */
  const said = new Map<string, number>();
  let timer: Timer | null = null;

  function look(): void {
    timer?.cancel();
    timer = clock.after(LOOK_MS, look);
    // While the secrets are locked that is what an account needs, and what it says.
    if (!vault.ready()) return;
    for (const row of [...book.rows()]) {
      try {
        if (row.kind === 'oauth' && row.refreshToken === null) lookAt(row);
      } catch {
        log.error('token_end_not_noted', { account: row.name });
      }
    }
  }

  function lookAt(row: AccountRow): void {
    if (row.expiresAt === null) return;
    const left = row.expiresAt - clock.now();
    if (row.credentialState !== 'ok') {
      // It had ended by a clock that was ahead.
      if (left > 0 && row.credentialWords === TOKEN_ENDED)
        markUsable(deps, row, 'its token has not ended yet.');
      return;
    }
    if (left <= 0) {
      markUnusable(deps, row, TOKEN_ENDED);
      return;
    }
    if (left > WARN_MS || said.get(row.id) === row.expiresAt) return;
    said.set(row.id, row.expiresAt);
    const days = Math.ceil(left / DAY_MS);
    events.add({
      level: 'warn',
      code: 'account_token_ends',
      message: `${row.name}: its long-lived token ends in ${days === 1 ? 'a day' : `${days} days`}. Paste a new one, or sign in.`,
      accountId: row.id,
    });
  }

  return { look };
}

/** Words for a token whose time is over. */
export const TOKEN_ENDED = 'Its time is over.';
