import type { RequestRecord } from '../../../shared/request-record.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { SimulatorAccount } from '../../simulator/simulator.ts';
import { type Step, stepsOf } from './conversation-cost.ts';
import { planWithoutMoves } from './perfect-plan.ts';
import { type SeenRest, watchRests } from './rest-watch.ts';
import { MORNING, type Stage, startStage } from './stage.ts';
import { type WallWatch, watchWalls } from './wall-watch.ts';
import { type Asked, startWorker, type WorkPlan } from './worker.ts';

const HOUR_MS = 3_600_000;
const at = (hours: number): number => MORNING + (hours - 6) * HOUR_MS;

/** Requests that fill a 5-hour window, and a week. */
const PER_SHORT = 140;
const PER_WEEK = 800;

const short = (resetAt: number) => ({ utilization: 0, resetAt, burnPerRequest: 1 / PER_SHORT });
const week = (utilization: number, resetAt: number) => ({
  utilization,
  resetAt,
  burnPerRequest: 1 / PER_WEEK,
});

/** Four subscriptions of one person, in the order in which they were added. Hours are those of the day, UTC. */
function accountsOfTheDay(): SimulatorAccount[] {
  const account = (name: string, windows: SimulatorAccount['windows']): SimulatorAccount => ({
    name,
    kind: 'oauth',
    secret: `sk-ant-oat01-scenario-${name}`,
    organizationId: `org-${name}`,
    ...(windows === undefined ? {} : { windows }),
  });
  return [
    account('north', { '5h': short(at(9.2)), '7d': week(0.05, at(6 + 5 * 24)) }),
    account('south', { '5h': short(at(10.7)), '7d': week(0.97, at(9 + 4 * 24)) }),
    account('east', {
      '5h': short(at(7.4)),
      '7d': week(0.3, at(12 + 3 * 24)),
      '7d_opus': { utilization: 0.9, resetAt: at(12 + 3 * 24), burnPerRequest: 1 / 300 },
    }),
    account('west', { '5h': short(at(8.3)), '7d': week(0.55, at(19.5)) }),
  ];
}

const OPUS = 'claude-opus-5-5';
const SONNET = 'claude-sonnet-5-5';
const HAIKU = 'claude-haiku-5-5';

const worker = (
  n: number,
  model: string,
  pause: WorkPlan['pause'],
  hours: WorkPlan['hours'],
  cache: WorkPlan['cache'] = '1h',
): WorkPlan => ({
  session: `0000000${n}-5ce0-4a00-8000-00000000000${n}`,
  model,
  helper: HAIKU,
  hours,
  pause,
  cache,
});

/** Eight sessions: early and late, with breaks, one by night, one whose cache lives five minutes only. */
const WORKERS: readonly WorkPlan[] = [
  worker(
    1,
    OPUS,
    [60, 420],
    [
      [8, 12],
      [13, 17.5],
    ],
  ),
  worker(
    2,
    SONNET,
    [60, 420],
    [
      [8.5, 12.2],
      [13.1, 18],
    ],
  ),
  worker(
    3,
    OPUS,
    [120, 600],
    [
      [9, 11],
      [11.2, 12.5],
      [14, 18.5],
    ],
  ),
  worker(
    4,
    SONNET,
    [60, 360],
    [
      [9.5, 13],
      [14, 16],
    ],
    '5m',
  ),
  worker(
    5,
    OPUS,
    [120, 500],
    [
      [10, 12.4],
      [13.5, 17],
    ],
  ),
  worker(
    6,
    SONNET,
    [90, 420],
    [
      [13, 15.5],
      [15.8, 19],
    ],
  ),
  worker(
    7,
    SONNET,
    [60, 300],
    [
      [18, 20],
      [20.5, 23],
    ],
  ),
  worker(8, SONNET, [240, 900], [[22, 28]]),
];

/** The names of the accounts. */
export const ACCOUNTS: readonly string[] = accountsOfTheDay().map(({ name }) => name);

/** What a day came to. */
export type Day = {
  readonly strategy: Settings['strategy'];
  readonly log: readonly Asked[];
  readonly records: readonly RequestRecord[];
  readonly sessions: readonly (readonly Step[])[];
  readonly walls: WallWatch;
  readonly rests: readonly SeenRest[];
  /** See {@link planWithoutMoves}. */
  readonly perfect: ReadonlyMap<string, string> | null;
};

/** Lets the day pass with one strategy, on the real engine over real sockets. */
export async function runDay(strategy: Settings['strategy']): Promise<Day> {
  const accounts = accountsOfTheDay();
  const stage = await startStage({ accounts, settings: { strategy } });
  try {
    await hearOfEveryAccount(stage);
    const walls = watchWalls(stage, ACCOUNTS);
    const rests = watchRests(stage);
    const log: Asked[] = [];
    WORKERS.forEach((plan, n) => {
      startWorker(stage, plan, n + 1, (asked) => log.push(asked));
    });
    await stage.run(24 * HOUR_MS);
    await stage.finish();
    const sessions = stepsOf(log, (organization) => organization.replace('org-', ''));
    return {
      strategy,
      log,
      records: [...stage.records],
      sessions,
      walls,
      rests,
      perfect: planWithoutMoves(log, accountsOfTheDay()),
    };
  } finally {
    await stage.close();
  }
}

/** One small question to each account, as if of the day before: from here on the engine knows all their windows. */
async function hearOfEveryAccount(stage: Stage): Promise<void> {
  const turn = { model: HAIKU, promptTokens: 500, cache: null, answerMs: 1000, stream: false };
  // The first account last: it is the one that served when the evening ended.
  for (const account of ACCOUNTS.toReversed()) {
    const headers = { 'x-ccflare-account': account };
    const reply = stage.ask({ ...turn, session: `before-${account}`, headers });
    await stage.finish();
    await reply;
  }
}
