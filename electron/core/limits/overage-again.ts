import type { Settings } from '../../../shared/settings.ts';
import type { LimitBook } from '../limit-ports.ts';
import type { AccountPool, SettingsSource } from '../ports.ts';
import type { SpendBook } from '../routing-ports.ts';

const NANO_PER_USD = 1e9;

/** What decides whether an account may go on with paid overage. */
const KEYS: readonly (keyof Settings)[] = ['allowOverage', 'overageCapUsd'];

/** Lets accounts that were left for their paid overage be tried as soon as the user allows it, or raises the cap. */
export function tryOverageAgain(rooms: {
  settings: SettingsSource;
  accounts: AccountPool;
  limits: LimitBook;
  spend: Pick<SpendBook, 'overage'>;
  now: () => number;
}): void {
  const { settings, accounts, limits, spend } = rooms;
  settings.onChange(({ allowOverage, overageCapUsd }, changed) => {
    if (!allowOverage || !KEYS.some((key) => changed.has(key))) return;
    const now = rooms.now();
    for (const { id } of accounts.all()) {
      if (spend.overage(id, now) >= overageCapUsd * NANO_PER_USD) continue;
      for (const { bucket, reasonCode } of limits.cooldowns(id, now)) {
        if (reasonCode === 'overage_in_use') limits.tryNow(id, bucket, now);
      }
    }
  });
}
