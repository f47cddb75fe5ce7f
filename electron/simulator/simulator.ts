import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountPool } from './account-pool.ts';
import type { SimulatedAccountSpec, SimulatedAccountState } from './account-state.ts';
import { type CodeRequest, PendingCodes } from './authorization-codes.ts';
import type { Behaviour } from './behaviour.ts';
import { createIds } from './random.ts';
import { type ReceivedRequest, RequestLog, type RequestRecord } from './received-request.ts';
import { type Reception, receive } from './reception.ts';
import { ScriptList, type ScriptMatch } from './scripts.ts';
import type { SignInControl } from './sign-in-control.ts';
import type { Latency, World } from './world.ts';

export { SimulatedAccountState } from './account-state.ts';
export type { Behaviour } from './behaviour.ts';
export { hold } from './behaviour.ts';
export { failures } from './failures.ts';
export type { ReceivedRequest } from './received-request.ts';
export type { ScriptMatch } from './scripts.ts';
export type SimulatorAccount = SimulatedAccountSpec;

export type SimulatorOptions = {
  /** Default 0: any free port. */
  port?: number;
  /** Decides texts, ids and the variation of pauses. Default 1. */
  seed?: number;
  /** UTC ms; drives windows, token ends and codes. Default: the computer's clock. */
  clock?: { now(): number };
  accounts: SimulatorAccount[];
  latency?: Latency;
  /** False: nothing is kept in `requests`, and bodies are hashed only when `x-sim-body-sha256` asks. Default true. */
  recordRequests?: boolean;
};

/** A scripted Claude API on 127.0.0.1. */
export type Simulator = {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Oldest first; at most 2,000 and 256 MiB of bodies. */
  readonly requests: readonly ReceivedRequest[];
  /** Calls `listener` for each request once its body is complete or its peer is gone. Returns what stops it. */
  onRequest(listener: (request: ReceivedRequest) => void): () => void;
  /** The next request, of those that `accepts` allows. */
  nextRequest(accepts?: (request: ReceivedRequest) => boolean): Promise<ReceivedRequest>;
  /** @throws Error when there is no such account. */
  account(name: string): SimulatedAccountState;
  addAccount(account: SimulatorAccount): SimulatedAccountState;
  /** Makes matching requests behave so, until `match.times` is used up or the returned function is called. */
  script(match: ScriptMatch, behaviour: Behaviour): () => void;
  /** An authorization code, as if the owner of `account` had consented in a browser. */
  issueCode(account: string, request: CodeRequest): string;
  /** How the sign-in pages behave; change it at any time. */
  readonly signIn: SignInControl;
  /** Breaks every connection and stops listening. */
  close(): Promise<void>;
};

/** Listens on 127.0.0.1. @throws Error when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = createWorld(options);
  const log = new RequestLog();
  const scripts = new ScriptList();
  const listeners = new Set<(request: ReceivedRequest) => void>();
  const recording = options.recordRequests ?? true;
  const reception: Reception = { world, scripts, recording, received: 0, announce };
  function announce(record: RequestRecord): void {
    if (recording) log.add(record);
    for (const listener of [...listeners]) listener(record);
  }
  const onRequest = (listener: (request: ReceivedRequest) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const server = createServer(SERVER_LIMITS, (req, res) => receive(reception, req, res));
  await listening(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: log.entries,
    onRequest,
    nextRequest: (accepts) => nextOf(onRequest, accepts ?? (() => true)),
    account: (name) => world.accounts.named(name),
    addAccount: (account) => world.accounts.add(account, world.clock.now()),
    script: (match, behaviour) => scripts.add(match, behaviour),
    issueCode: (account, request) => issueCode(world, account, request),
    signIn: world.signIn,
    close: () => closed(server),
  };
}

/** Peers decide when they give up; idle connections stay open for a minute. */
const SERVER_LIMITS = {
  requestTimeout: 0,
  headersTimeout: 0,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 65_536,
};

function createWorld(options: SimulatorOptions): World {
  const seed = options.seed ?? 1;
  const clock = options.clock ?? { now: () => Date.now() };
  return {
    seed,
    clock,
    latency: options.latency ?? {},
    accounts: new AccountPool(options.accounts, clock.now()),
    newId: createIds(seed),
    codes: new PendingCodes(),
    signIn: { behaviour: 'normal' },
    files: new Map(),
    batches: new Map(),
    promptCache: new Map(),
  };
}

function nextOf(
  onRequest: Simulator['onRequest'],
  accepts: (request: ReceivedRequest) => boolean,
): Promise<ReceivedRequest> {
  return new Promise((resolve) => {
    const stop = onRequest((request) => {
      if (!accepts(request)) return;
      stop();
      resolve(request);
    });
  });
}

function issueCode(world: World, name: string, request: CodeRequest): string {
  const code = world.newId('code_');
  world.codes.issue(code, world.accounts.named(name), request, world.clock.now());
  return code;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
