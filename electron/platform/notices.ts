import type { AppState } from '../../shared/app-state.ts';
import { formatClock } from '../../shared/format.ts';

/** A notification to show. `key` says what it is about: the same key is not shown twice in a row. */
export type Notice = {
  key: string;
  title: string;
  body: string;
  page: 'overview' | 'accounts';
  /** The account it is about, where it is about one. */
  accountId?: string;
  /** Whether a button may offer to sign that account in again. */
  signIn?: boolean;
};

/** What a person should hear about without looking, from one state to the next. Pure. */
export function noticesBetween(before: AppState | null, after: AppState, now: number): Notice[] {
  if (before === null) return [];
  return [
    ...poolNotices(before, after, now),
    ...accountNotices(before, after),
    ...threadNotices(before, after),
  ];
}

function poolNotices(before: AppState, after: AppState, now: number): Notice[] {
  if (before.pool.phase === after.pool.phase) return [];
  const wasAble = before.pool.phase === 'serving';
  const isAble = after.pool.phase === 'serving';
  if (wasAble && !isAble && after.pool.total > 0) {
    const back = after.pool.backAt === null ? '' : ` Back at ${formatClock(after.pool.backAt, now)}.`;
    return [
      {
        key: 'pool-out',
        title: 'No account can serve',
        body: `${after.pool.summary}${back}`,
        page: 'overview',
      },
    ];
  }
  if (!wasAble && isAble && (before.pool.phase === 'cooling' || before.pool.phase === 'down')) {
    return [{ key: 'pool-back', title: 'Work can go on', body: after.pool.summary, page: 'overview' }];
  }
  return [];
}

function accountNotices(before: AppState, after: AppState): Notice[] {
  const old = new Map(before.accounts.map((account) => [account.id, account.state]));
  return after.accounts
    .filter((account) => account.state === 'sign-in-needed')
    .filter((account) => old.has(account.id) && old.get(account.id) !== 'sign-in-needed')
    .map((account) => ({
      key: `sign-in:${account.id}`,
      title: `${account.name} needs you`,
      body: account.reason,
      page: 'accounts' as const,
      accountId: account.id,
      signIn: account.kind === 'oauth',
    }));
}

function threadNotices(before: AppState, after: AppState): Notice[] {
  const failed = after.threads.engine.phase === 'failed' && before.threads.engine.phase !== 'failed';
  if (!failed) return [];
  return [
    {
      key: 'engine-failed',
      title: 'The proxy stopped',
      body: 'It could not be started again. The log file has the detail.',
      page: 'overview',
    },
  ];
}
