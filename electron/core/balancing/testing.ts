import type { CooldownView, LimitReading } from '../../../shared/account.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { LimitBook } from '../limit-ports.ts';
import type { Account, AccountPool, RoutingRequest } from '../ports.ts';
import type { BindingRow, BindingStore } from '../store-ports.ts';
import { createBalancer } from './balancer.ts';

export const HOUR = 3_600_000;

/** An account that nothing is special about. */
export function account(id: string, priority = 0, paused = false): Account {
  return {
    id,
    name: id,
    kind: 'oauth',
    baseUrl: 'https://api.anthropic.com',
    priority,
    paused,
    createdAt: 0,
    headerStyle: 'x-api-key',
    modelMap: {},
  };
}

/** A window's reading. */
export function windowReading(
  bucket: string,
  utilisation: number | null,
  resetAt: number | null,
): LimitReading {
  return {
    bucket,
    label: bucket,
    utilisation,
    limit: null,
    remaining: null,
    status: 'allowed',
    resetAt,
    observedAt: 0,
    source: 'header',
  };
}

const never = (): never => {
  throw new Error('not used');
};

/** What a test sets by hand. */
function createWorld(accounts: Account[]) {
  const problems = new Map<string, string>();
  const rests = new Map<string, CooldownView>();
  const helpless = new Set<string>();
  const busy = new Set<string>();
  const readings = new Map<string, LimitReading[]>();
  const pins = new Map<string, string>();
  const pool: AccountPool = {
    all: () => accounts,
    get: (id) => accounts.find((a) => a.id === id),
    sharing: (id) => [id],
    problem: (id) => (problems.has(id) ? { definitive: true, reason: problems.get(id) ?? '' } : null),
    inFlight: (id) => (busy.has(id) ? 1 : 0),
    credentialNow: never,
    credential: never,
    credentialRefused: never,
    started: never,
    finished: never,
    sawOrganization: never,
    touched: never,
  };
  const limits: LimitBook = {
    blocking: (id) => rests.get(id) ?? null,
    cooldowns: (id) => [...(rests.has(id) ? [rests.get(id) as CooldownView] : [])],
    needsAttention: (id) => helpless.has(id),
    readings: (id) => readings.get(id) ?? NONE,
    observe: never,
    learn: never,
    tryNow: never,
    served: never,
    rest: never,
    clear: never,
    forget: never,
    onChange: never,
  };
  return { problems, rests, helpless, busy, readings, pins, pool, limits };
}

/** A balancer over accounts whose state a test sets by hand. */
export function setUpBalancer(
  accounts: Account[],
  { rows = [], settings: wanted = {} }: { rows?: BindingRow[]; settings?: Partial<Settings> } = {},
) {
  const clock = createFakeClock();
  const world = createWorld(accounts);
  const puts: BindingRow[][] = [];
  const bindings: BindingStore = {
    list: () => rows,
    put: (batch) => void puts.push([...batch]),
    removeSession: () => undefined,
    removeAccount: () => undefined,
    prune: () => undefined,
  };
  let current: Settings = { ...DEFAULT_SETTINGS, ...wanted };
  const balancer = createBalancer({
    settings: { current: () => current, onChange: () => () => undefined },
    accounts: world.pool,
    limits: world.limits,
    bindings,
    pins: { pinnedTo: (sessionId) => world.pins.get(sessionId) ?? null },
    clock,
  });
  const ask = (sessionId: string | null, model = 'claude-opus-5-5'): RoutingRequest => ({
    model,
    sessionId,
    bind: true,
    now: clock.now(),
  });
  const order = (request: RoutingRequest) => balancer.choose(request).accounts.map((p) => p.account.id);
  /** Places a new session and binds it. */
  const place = (sessionId: string): string => {
    const id = order(ask(sessionId))[0] ?? 'nobody';
    balancer.served(ask(sessionId), id);
    return id;
  };
  const rest = (id: string, bucket = '*', until: number | null = clock.now() + HOUR) =>
    world.rests.set(id, spentRest(bucket, until));
  const set = (change: Partial<Settings>): void => {
    current = { ...current, ...change };
  };
  return { ...world, clock, puts, balancer, ask, order, place, rest, set };
}

function spentRest(bucket: string, until: number | null): CooldownView {
  return {
    bucket,
    reasonCode: 'quota_rejected',
    reason: '5-hour window spent.',
    startedAt: 0,
    until,
    evidence: [],
    probing: false,
  };
}

const NONE: readonly LimitReading[] = [];
