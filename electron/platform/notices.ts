import type { AppState } from '../../shared/app-state.ts';
import { formatClock, formatPercent, formatRelative } from '../../shared/format.ts';

const HOUR_MS = 3_600_000;

/** A week that ends unused is worth a notice this long before its end. */
const EXPIRES_SOON_MS = 24 * HOUR_MS;

/** Waiting requests are spoken of at most this often, ms. */
const HELD_QUIET_MS = 15 * 60_000;

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
  /** UTC ms until which a notice with this key is not shown again. */
  quietUntil?: number;
};

/** What a person should hear about without looking, from one state to the next. Pure. */
export function noticesBetween(before: AppState | null, after: AppState, now: number): Notice[] {
  if (before === null) return [];
  return [
    ...poolNotices(before, after, now),
    ...heldNotices(before, after, now),
    ...accountNotices(before, after),
    ...expiringNotices(after, now),
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

/** The first request that is held. One notice is enough until it is over, whoever else comes to wait. */
function heldNotices(before: AppState, after: AppState, now: number): Notice[] {
  const { held, backAt } = after.pool;
  if (before.pool.held > 0 || held === 0) return [];
  const who = held === 1 ? '1 request waits' : `${held} requests wait`;
  const back =
    backAt === null ? '' : ` Back at ${formatClock(backAt, now)} (${formatRelative(backAt, now)}).`;
  return [
    {
      key: 'held',
      title: 'Requests are waiting',
      body: `${who} for an account to come back.${back}`,
      page: 'overview',
      quietUntil: Math.max(now + HELD_QUIET_MS, backAt ?? 0),
    },
  ];
}

/** A week about to end with much of it unused; once for each account and week. */
function expiringNotices({ pool, accounts }: AppState, now: number): Notice[] {
  const { expiring } = pool.forecast;
  const account = accounts.find(({ id }) => id === expiring?.accountId);
  if (expiring === null || account === undefined) return [];
  const { unusedShare, resetAt } = expiring;
  if (resetAt <= now || resetAt - now > EXPIRES_SOON_MS) return [];
  const end = `${formatClock(resetAt, now)} (${formatRelative(resetAt, now)})`;
  return [
    {
      key: `expiring:${account.id}`,
      title: `The week of ${account.name} ends unused`,
      body: `About ${formatPercent(unusedShare)} of it expires ${end}: use it or lose it.`,
      page: 'accounts',
      accountId: account.id,
      // Resets wander by seconds; the next week ends six days later at the earliest.
      quietUntil: resetAt + HOUR_MS,
    },
  ];
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
