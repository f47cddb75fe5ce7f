import type { CooldownView } from '../../../shared/account.ts';
import type { Stage } from './stage.ts';

/** A cooldown that the engine put on an account. */
export type SeenRest = CooldownView & { readonly account: string };

/** Collects every cooldown that an engine starts, whichever run of it. */
export function watchRests(stage: Stage): readonly SeenRest[] {
  const seen = new Set<string>();
  const found: SeenRest[] = [];
  stage.onStep(() => {
    const { accounts, limits } = stage.rooms;
    for (const { id, name } of accounts.pool.all()) {
      for (const rest of limits.cooldowns(id, stage.clock.now())) {
        const key = `${name} ${rest.bucket} ${rest.startedAt}`;
        if (seen.has(key)) continue;
        seen.add(key);
        found.push({ ...rest, account: name });
      }
    }
  });
  return found;
}
