import { Agent, type ClientRequest, request } from 'node:http';
import { createRandom, type Random } from './random.ts';
import { type TrafficRequest, TrafficSession } from './traffic-session.ts';

export type TrafficOptions = {
  /** `http://127.0.0.1:PORT`, with or without a path prefix. */
  baseUrl: string;
  /** Sent as `x-api-key`. */
  clientKey: string;
  seed: number;
  /** UTC ms; only what the prompts say about today. */
  clock?: { now(): number };
  ratePerMinute: number;
};

export type Traffic = {
  /** So far: requests sent, complete 2xx answers, everything else that has ended. */
  readonly counts: Readonly<TrafficCounts>;
  /** Sends nothing more, breaks what is in flight and resolves when all of it is gone. */
  stop(): Promise<void>;
};

export type TrafficCounts = { sent: number; answered: number; failed: number };

/** Beats that would exceed this are left out. */
const MAX_IN_FLIGHT = 8;
const SESSIONS = 5;

/** A client waits at most this long between two pieces of an answer, ms. */
const IDLE_MS = 120_000;

/**
 * Sends what a handful of coding sessions would send, through the proxy at `baseUrl`.
 * @throws Error when `baseUrl` is not plain HTTP on 127.0.0.1: demo traffic never leaves the computer.
 */
export function startTraffic(options: TrafficOptions): Traffic {
  const base = new URL(options.baseUrl);
  if (base.protocol !== 'http:' || base.hostname !== '127.0.0.1') {
    throw new Error('Demo traffic goes to 127.0.0.1 only.');
  }
  const client = new TrafficClient(base, options.clientKey);
  const random = createRandom(options.seed);
  const sessions = new SessionSet(random, options.clock ?? { now: () => Date.now() });
  let timer = setTimeout(beat, 0);
  function beat(): void {
    if (client.inFlight < MAX_IN_FLIGHT) client.send(sessions.next());
    timer = setTimeout(beat, (60_000 / options.ratePerMinute) * (0.5 + random.next()));
  }
  return {
    counts: client.counts,
    stop() {
      clearTimeout(timer);
      return client.stop();
    },
  };
}

/** Running sessions; one that is finished makes room for a new one. */
class SessionSet {
  readonly #random: Random;
  readonly #clock: { now(): number };
  readonly #sessions: TrafficSession[] = [];

  constructor(random: Random, clock: { now(): number }) {
    this.#random = random;
    this.#clock = clock;
  }

  next(): TrafficRequest {
    const at = this.#random.integer(0, SESSIONS - 1);
    const running = this.#sessions[at];
    if (running && !running.finished) return running.next();
    const seed = this.#random.integer(0, 0x7fffffff);
    const session = new TrafficSession(createRandom(seed), this.#clock.now());
    this.#sessions[at] = session;
    return session.next();
  }
}

/** Sends requests and throws their answers away. */
class TrafficClient {
  readonly counts: TrafficCounts = { sent: 0, answered: 0, failed: 0 };
  readonly #base: URL;
  readonly #clientKey: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });
  readonly #open = new Map<ClientRequest, Promise<void>>();

  constructor(base: URL, clientKey: string) {
    this.#base = base;
    this.#clientKey = clientKey;
  }

  get inFlight(): number {
    return this.#open.size;
  }

  send({ path, headers, body, leavesEarly }: TrafficRequest): void {
    this.counts.sent++;
    const outgoing = request(this.#base.origin + this.#base.pathname.replace(/\/$/, '') + path, {
      method: 'POST',
      agent: this.#agent,
      timeout: IDLE_MS,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'ccflare-demo/1',
        'anthropic-version': '2023-06-01',
        'x-api-key': this.#clientKey,
        ...headers,
      },
    });
    outgoing.once('timeout', () => outgoing.destroy());
    this.#open.set(outgoing, this.#settle(outgoing, leavesEarly));
    outgoing.end(body);
  }

  #settle(outgoing: ClientRequest, leavesEarly: boolean): Promise<void> {
    return new Promise((resolve) => {
      let ok = false;
      outgoing.on('error', () => {});
      outgoing.once('response', (incoming) => {
        incoming.on('error', () => {});
        incoming.once('end', () => {
          ok = (incoming.statusCode ?? 500) < 300;
        });
        if (leavesEarly) incoming.once('data', () => outgoing.destroy());
        incoming.resume();
      });
      outgoing.once('close', () => {
        this.counts[ok ? 'answered' : 'failed']++;
        this.#open.delete(outgoing);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const closing = [...this.#open];
    for (const [outgoing] of closing) outgoing.destroy();
    await Promise.all(closing.map(([, closed]) => closed));
    this.#agent.destroy();
  }
}
