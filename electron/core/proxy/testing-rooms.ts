import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts';
import { createAdmissionGate } from '../balancing/admission-gate.ts';
import { createBalancer } from '../balancing/balancer.ts';
import { createSessionBoard } from '../balancing/session-board.ts';
import type { LimitBook } from '../limit-ports.ts';
import { classify } from '../limits/classify.ts';
import { createLimitBook } from '../limits/limit-book.ts';
import type { Balancer } from '../ports.ts';
import type { AdmissionGate, SessionBoard } from '../routing-ports.ts';
import { createUsageTap } from '../usage/create-usage-tap.ts';
import type { RoomsGiven, TestOptions, TestProxy } from './testing.ts';
import { proxyTo, upstream } from './testing-http.ts';
import type { TestAccount } from './testing-seen.ts';

// Tests of routing: the real limits, balancing and classification over a provider that answers per account as told.

/** How the provider answers one account. */
export type Script = (res: ServerResponse) => void;

/** A provider whose accounts answer as scripted, and what has reached it. */
export type ScriptedProvider = {
  url: string;
  scripts: Map<string, Script>;
  received: { secret: string; headers: IncomingMessage['headers'] }[];
  /** Requests that reached an account. */
  count(secret: string): number;
};

async function scriptedProvider(): Promise<ScriptedProvider> {
  const scripts = new Map<string, Script>();
  const received: ScriptedProvider['received'] = [];
  const url = await upstream((req, res) => {
    const secret = String(req.headers['x-api-key'] ?? req.headers.authorization?.replace('Bearer ', ''));
    received.push({ secret, headers: req.headers });
    req.resume();
    req.on('end', () => (scripts.get(secret) ?? ok())(res));
  });
  return { url, scripts, received, count: (name) => received.filter(({ secret }) => secret === name).length };
}

/** A good answer; with headers about limits, if any. */
export function ok(headers: Record<string, string> = {}): Script {
  return (res) => {
    res.writeHead(200, { 'content-type': 'application/json', ...headers });
    res.end('{"model":"claude-opus-5-5","usage":{"input_tokens":10,"output_tokens":5}}');
  };
}

export function refusal(status: number, type: string, headers: Record<string, string> = {}): Script {
  return (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify({ type: 'error', error: { type, message: `theirs: ${type}` } }));
  };
}

/** Headers of a subscription whose window is spent until then, UTC ms. */
export function spent(window: '5h' | '7d', resetAt: number, more: Record<string, string> = {}) {
  const prefix = 'anthropic-ratelimit-unified';
  const reset = String(Math.floor(resetAt / 1000));
  return {
    [`${prefix}-status`]: 'rejected',
    [`${prefix}-reset`]: reset,
    [`${prefix}-representative-claim`]: window === '5h' ? 'five_hour' : 'seven_day',
    [`${prefix}-${window}-status`]: 'rejected',
    [`${prefix}-${window}-utilization`]: '1',
    [`${prefix}-${window}-reset`]: reset,
    ...more,
  };
}

/** The plan limit of an account is reached until then. */
export function spentUntil(resetAt: number, window: '5h' | '7d' = '5h'): Script {
  return refusal(429, 'rate_limit_error', spent(window, resetAt));
}

/** Keeps what reaches it until it is let go. */
export function keeper() {
  const kept: ServerResponse[] = [];
  let open = false;
  const script: Script = (res) => void (open ? ok()(res) : kept.push(res));
  return {
    kept,
    script,
    /** Answers all that is here, and at once whatever comes. */
    letGo(answer: Script = ok()): void {
      open = true;
      for (const res of kept.splice(0)) answer(res);
    },
  };
}

/** Real rooms of one test. */
export type RealRooms = {
  clock: FakeClock;
  limits: LimitBook;
  balancer: Balancer;
  gate: AdmissionGate;
  board: SessionBoard;
};

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const nothing = (): undefined => undefined;

/** The real rooms, without disk, on a clock that a test moves. */
function realRooms(clock: FakeClock, { settings, accounts }: RoomsGiven): RealRooms {
  const source = { current: () => settings, onChange: () => nothing };
  const limits = createLimitBook({
    store: {
      cooldowns: () => [],
      putCooldown: nothing,
      removeCooldown: nothing,
      readings: () => [],
      putReadings: nothing,
      removeAccount: nothing,
    },
    clock,
    log: silent,
    random: () => 0,
  });
  const pins = { pinnedTo: () => null, sessions: () => [] };
  const bindings = {
    list: () => [],
    put: nothing,
    removeSession: nothing,
    removeAccount: nothing,
    prune: nothing,
  };
  const balancer = createBalancer({ settings: source, accounts, limits, bindings, pins, clock });
  const board = createSessionBoard({
    bindings: balancer.bindings,
    accounts,
    pins,
    price: () => 1,
    settings: () => settings,
  });
  return { clock, limits, balancer, board, gate: createAdmissionGate(clock) };
}

/** A proxy over real rooms and one scripted provider; accounts are subscriptions named and keyed alike. */
export async function routedProxy(
  accounts: (string | Omit<TestAccount, 'baseUrl' | 'secret'>)[],
  options: Partial<TestOptions> = {},
): Promise<{ proxy: TestProxy; provider: ScriptedProvider; rooms: RealRooms; clock: FakeClock }> {
  const provider = await scriptedProvider();
  const clock = createFakeClock();
  let rooms: RealRooms | null = null;
  const proxy = await proxyTo(accountsAt(provider, accounts), {
    ...options,
    rooms: (given) => {
      rooms = realRooms(clock, given);
      return { ...rooms, classify, createTap: createUsageTap, random: () => 0 };
    },
    deps: { clock, ...options.deps },
  });
  if (rooms === null) throw new Error('no rooms');
  return { proxy, provider, rooms, clock };
}

/** Accounts at a provider, each with its name as secret. */
export function accountsAt(
  { url }: ScriptedProvider,
  accounts: (string | Omit<TestAccount, 'baseUrl' | 'secret'>)[],
): TestAccount[] {
  return accounts.map((given) => {
    const spec = typeof given === 'string' ? { name: given } : given;
    return { kind: 'oauth', ...spec, secret: spec.name, baseUrl: url };
  });
}
