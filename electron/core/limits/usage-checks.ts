import type { AccountView } from '../../../shared/account.ts';
import type { Clock } from '../clock.ts';
import type { LimitBook } from '../limit-ports.ts';
import { OAUTH_BETA, type ProviderRequest } from '../oauth/provider-request.ts';
import type { AccountPool, Logger, SettingsSource } from '../ports.ts';
import type { UsageCheckStore } from '../store-ports.ts';
import { type UsagePage, usagePageOf } from './usage-page.ts';
import { UNASKED, UsageState } from './usage-state.ts';

/** Asks the provider's usage page when a person wants to know; nothing is asked on its own. */
export type UsageChecks = {
  /**
   * Reads the page unless it is too early (ten minutes after an answer, longer after failures); whoever asks while it
   * is read waits for that read. Never rejects.
   */
  check(id: string): Promise<void>;
  /** What to show; null where there is no such page (API keys, tokens without its scope). */
  view(id: string): AccountView['usageCheck'];
  /** The account was removed, or has another login: what is known of its page, a read under way included, is dropped. */
  forget(id: string): void;
};

type Deps = {
  accounts: Pick<AccountPool, 'get' | 'credential'>;
  limits: Pick<LimitBook, 'learn'>;
  request: ProviderRequest;
  store: UsageCheckStore;
  settings: SettingsSource;
  clock: Clock;
  log: Logger;
  /** 0 <= r < 1; Math.random by default. */
  random?: () => number;
  /** The view of this account is another now. */
  onChange(id: string): void;
};

/** See {@link UsageChecks}. A refusal is only noted: it is never held against the account or its credential. */
export function createUsageChecks(deps: Deps): UsageChecks {
  const { accounts, limits, store, clock, log, random = Math.random } = deps;
  const states = new Map<string, UsageState>();
  guarded(() => {
    for (const { accountId, checkedAt, nextAt } of store.list()) stateOf(accountId).resume(checkedAt, nextAt);
  });
  const isLogin = (id: string): boolean => accounts.get(id)?.kind === 'oauth';

  function stateOf(id: string): UsageState {
    const state = states.get(id) ?? new UsageState(clock, random);
    states.set(id, state);
    return state;
  }

  /** A store that fails costs the memory of the pause, not the read. */
  function guarded(work: () => void): void {
    try {
      work();
    } catch {
      log.warn('usage_check_not_saved');
    }
  }

  async function ask(id: string): Promise<UsagePage> {
    const result = await accounts.credential(id);
    if (!result.ok) return { kind: 'not-asked', words: result.problem.reason };
    const answer = await deps.request({
      method: 'GET',
      url: `${deps.settings.current().oauthApiUrl.replace(/\/+$/, '')}/api/oauth/usage`,
      headers: { authorization: result.credential.value, 'anthropic-beta': OAUTH_BETA },
    });
    return usagePageOf(answer, clock.now());
  }

  async function read(id: string, state: UsageState): Promise<void> {
    const page = await ask(id).catch(() => NOT_ASKED);
    state.running = null;
    if (states.get(id) !== state || !isLogin(id)) return;
    if (page.kind === 'failed') log.info('usage_check_failed', { account: id, status: page.status });
    const isNew = state.note(page);
    const { view } = state;
    if (view !== null)
      guarded(() => store.put({ accountId: id, checkedAt: view.checkedAt, nextAt: view.nextAt }));
    if (page.kind === 'read') limits.learn(id, page.readings, clock.now());
    if (isNew) deps.onChange(id);
  }

  return {
    async check(id) {
      if (!isLogin(id)) return;
      const state = stateOf(id);
      if (state.running === null && state.due) state.running = read(id, state);
      await state.running;
    },
    view(id) {
      const state = states.get(id);
      if (!isLogin(id)) return null;
      return state === undefined ? UNASKED : state.view;
    },
    forget(id) {
      states.delete(id);
      guarded(() => store.remove(id));
    },
  };
}

const NOT_ASKED: UsagePage = { kind: 'not-asked', words: 'The usage page could not be asked for.' };
