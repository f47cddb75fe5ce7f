import type { Server } from 'node:http';
import { DEFAULT_BASE_URL } from '../../../shared/account.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Clock } from '../clock.ts';
import type { Classify, LimitBook } from '../limit-ports.ts';
import type {
  AccountPool,
  Audit,
  Balancer,
  ClientKeyring,
  EventLog,
  Logger,
  RateLimiter,
  Recorder,
  SettingsSource,
} from '../ports.ts';
import type { AdmissionGate, SessionBoard, SpendBook } from '../routing-ports.ts';
import type { ResourceStore } from '../store-ports.ts';
import type { CreateUsageTap, PriceUsage } from '../usage-ports.ts';
import { Caps } from './caps.ts';
import type { Exchange } from './exchange.ts';
import { type OwnAddress, ownAddress } from './guard.ts';
import { Holds } from './holds.ts';
import { createHttpServer, listening } from './http-server.ts';
import type { ProxyCore } from './proxy-core.ts';
import { createProxyEvents } from './proxy-events.ts';
import { Reception } from './reception.ts';
import { ReplayBudget } from './replay-budget.ts';
import { Roster } from './roster.ts';
import { createSweep } from './sweep.ts';
import { createUpstream } from './upstream.ts';

/** Marks a request as coming from an OAuth login; without it the API refuses the token (Claude Code sends it too). */
const OAUTH_BETA = 'oauth-2025-04-20';

/** Everything the proxy needs of its neighbours. */
export type ProxyDeps = {
  settings: SettingsSource;
  clock: Clock;
  log: Logger;
  accounts: AccountPool;
  limits: LimitBook;
  balancer: Balancer;
  classify: Classify;
  gate: AdmissionGate;
  board: SessionBoard;
  spend: SpendBook;
  createTap: CreateUsageTap;
  price: PriceUsage;
  keyring: ClientKeyring;
  authLimiter: RateLimiter;
  clientLimiter: RateLimiter;
  recorder: Recorder;
  events: EventLog;
  audit: Audit;
  resources: Pick<ResourceStore, 'accountOf' | 'put'>;
  /** 0 <= r < 1; Math.random by default. */
  random?: () => number;
  /** The system's proxy for an https origin, as an http(s) address, or null. */
  systemProxy?: (origin: string) => string | null;
  oauthBeta?: string;
  /** Where requests with the client's own credential go; the provider's address by default. */
  defaultBaseUrl?: string;
};

/** The local listener and everything behind it. */
export type Proxy = {
  /**
   * Listens on 127.0.0.1 and answers the port (useful with 0). May be called again after `drain` or `close`.
   * @throws AppError `port_in_use`, `port_forbidden`
   */
  listen(port: number): Promise<number>;
  /** Stops accepting, lets running requests finish for `deadlineMs`, then breaks them off. */
  drain(deadlineMs: number): Promise<void>;
  /** Ends everything at once. */
  close(): Promise<void>;
  /** Requests admitted and not yet finished. */
  inFlight(): number;
  /** Of those, how many wait for an account to come back. */
  held(): number;
  /** Bytes held to be able to send requests again. */
  replayBytes(): number;
  /** Called when either count may have changed. Returns what ends it. */
  onInFlightChange(listener: () => void): () => void;
  /** After sleep or a change of network: idle connections are not trusted any more. Running requests go on. */
  dropPooledSockets(): void;
};

/** Puts the proxy together; nothing listens yet. */
export function createProxy(deps: ProxyDeps): Proxy {
  const running = new Roster<Exchange>();
  const listeners = new Set<() => void>();
  const settings = (): Settings => deps.settings.current();
  let own: OwnAddress = ownAddress(0);
  let server: Server | null = null;
  let draining = false;
  const idle = createIdleWait(deps.clock);

  const told = (): void => {
    for (const listener of listeners) listener();
  };
  const core = createCore(deps, (origin) => own.origins.has(origin), told);
  const reception = new Reception({
    core,
    keyring: deps.keyring,
    authLimiter: deps.authLimiter,
    clientLimiter: deps.clientLimiter,
    recorder: deps.recorder,
    price: deps.price,
    sweep: createSweep({ clock: deps.clock, running, idleMs: () => settings().clientBodyIdleTimeoutMs }),
    running,
    own: () => own,
    draining: () => draining,
    onRunningChange() {
      told();
      if (running.size === 0) idle.reached();
    },
  });

  deps.settings.onChange((next, changed) => {
    if (changed.has('connectTimeoutMs')) core.upstream.dropPooled();
    if (server === null) return;
    server.maxConnections = next.maxConnections;
    server.headersTimeout = next.clientHeadTimeoutMs;
  });

  async function stop(deadlineMs: number): Promise<void> {
    const stopping = server;
    if (stopping === null) return;
    draining = true;
    core.holds.stop();
    const closed = new Promise<void>((resolve) => stopping.close(() => resolve()));
    stopping.closeIdleConnections();
    if (deadlineMs > 0 && running.size > 0) await idle.wait(deadlineMs);
    for (const exchange of running) exchange.cutOff('stopping');
    stopping.closeAllConnections();
    await closed;
    core.upstream.dropPooled();
    server = null;
    draining = false;
    core.holds.open();
  }

  return {
    async listen(port) {
      const next = createHttpServer(settings(), reception);
      const bound = await listening(next, port);
      server = next;
      own = ownAddress(bound);
      return bound;
    },
    drain: stop,
    close: () => stop(0),
    inFlight: () => running.size,
    held: () => core.holds.size,
    replayBytes: () => core.budget.used,
    onInFlightChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dropPooledSockets: () => core.upstream.dropPooled(),
  };
}

/** Waits until nothing runs any more, or for so long. */
function createIdleWait(clock: Clock) {
  let reached: (() => void) | null = null;
  return {
    reached: (): void => reached?.(),
    wait(deadlineMs: number): Promise<void> {
      return new Promise((resolve) => {
        const timer = clock.after(deadlineMs, done);
        function done(): void {
          timer.cancel();
          reached = null;
          // The last answer leaves with this turn of the event loop.
          setImmediate(resolve);
        }
        reached = done;
      });
    },
  };
}

function createCore(
  deps: ProxyDeps,
  isOwnOrigin: (origin: string) => boolean,
  onHeldChange: () => void,
): ProxyCore {
  const { settings, clock, log, accounts, limits, balancer, classify, createTap, resources } = deps;
  const { gate, board, spend, price } = deps;
  return {
    settings,
    clock,
    log,
    accounts,
    limits,
    balancer,
    classify,
    gate,
    board,
    spend,
    caps: new Caps({ settings, spend, limits, price, clock }),
    createTap,
    price,
    resources,
    holds: new Holds({ accounts, limits, clock, onChange: onHeldChange }),
    isOwnOrigin,
    random: deps.random ?? Math.random,
    oauthBeta: deps.oauthBeta ?? OAUTH_BETA,
    defaultBaseUrl: deps.defaultBaseUrl ?? DEFAULT_BASE_URL,
    budget: new ReplayBudget(),
    news: createProxyEvents(deps),
    upstream: createUpstream({
      settings: () => settings.current(),
      systemProxy: deps.systemProxy ?? (() => null),
      log,
    }),
  };
}
