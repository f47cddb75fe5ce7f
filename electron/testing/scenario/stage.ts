import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestRecord } from '../../../shared/request-record.ts';
import type { SettingsPatch } from '../../../shared/settings.ts';
import { applyProvision, parseProvision } from '../../core/provisioning/provision.ts';
import { type Simulator, type SimulatorAccount, startSimulator } from '../../simulator/simulator.ts';
import type { Rooms } from '../../threads/engine-rooms.ts';
import { createClaudeClient, type Reply, type Turn } from './claude-client.ts';
import { type EngineLife, startEngine } from './engine-life.ts';
import { createScenarioClock, type ScenarioClock } from './scenario-clock.ts';
import { createSettling } from './settling.ts';
import { createUpstreamPace, type UpstreamPace } from './upstream-pace.ts';

/** The key that the clients of every scenario present. */
export const CLIENT_KEY = 'scenario-client-key-0123456789';

/** A Tuesday, six in the morning UTC: the day of work begins. */
export const MORNING = Date.UTC(2026, 10, 24, 6, 0, 0);

/** The provider, the engine and its clients, under one fake clock. */
export type Stage = {
  readonly clock: ScenarioClock;
  readonly simulator: Simulator;
  readonly pace: UpstreamPace;
  /** The provider's own clock, UTC ms: nobody sets that one back. */
  providerNow(): number;
  /** Of every finished request, in the order of their ends; complete a second after the last. */
  readonly records: readonly RequestRecord[];
  readonly rooms: Rooms;
  readonly url: string;
  /** Sends a request. It goes on while `run` or `finish` let time pass. */
  ask(turn: Turn): Promise<Reply>;
  /** The same for a client of one's own: the clock stands still until its request is somewhere. */
  watch<T>(request: Promise<T>): Promise<T>;
  /** Lets time pass, with all that happens in it. */
  run(ms: number): Promise<void>;
  /** Lets time pass until nothing is open any more. */
  finish(): Promise<void>;
  /** Called after each step of time, when everything that goes on without time has happened. */
  onStep(listener: () => void): void;
  idOf(account: string): string;
  restart(how: 'quit' | 'crash'): Promise<void>;
  close(): Promise<void>;
};

/** What a scenario begins with. */
export type StageOptions = { accounts: readonly SimulatorAccount[]; settings?: SettingsPatch };

/** Starts simulator and engine. Whatever is drawn by chance is the middle of its range, so that runs repeat. */
export async function startStage({ accounts, settings = {} }: StageOptions): Promise<Stage> {
  const random = Math.random;
  Math.random = () => 0.5;
  const clock = createScenarioClock(MORNING);
  const providerNow = (): number => MORNING + clock.monotonic();
  const simulator = await startSimulator({
    clock: { now: providerNow },
    accounts: accounts.map((account) => ({ ...account })),
    recordRequests: false,
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'ccflare-scenario-'));
  const pace = createUpstreamPace(simulator, clock);
  const client = createClaudeClient(CLIENT_KEY);
  const records: RequestRecord[] = [];
  const start = (prepare: (rooms: Rooms) => void): Promise<EngineLife> =>
    startEngine({ dataDir, clock, record: (record) => records.push(record), prepare });
  let engine = await start((rooms) => provision(rooms, clock, { accounts, settings, url: simulator.url }));
  const settling = createSettling({ clock, pace, rooms: () => engine.rooms });

  return {
    clock,
    simulator,
    pace,
    providerNow,
    records,
    ...settling,
    get rooms() {
      return engine.rooms;
    },
    get url() {
      return engine.url;
    },
    ask: (turn) => settling.watch(client.send(engine.url, turn)),
    idOf(name) {
      const found = engine.rooms.accounts.pool.all().find((account) => account.name === name);
      if (found === undefined) throw new Error(`no account ${name}`);
      return found.id;
    },
    async restart(how) {
      await engine[how]();
      engine = await start(() => undefined);
    },
    async close() {
      client.close();
      await engine.quit();
      await simulator.close();
      rmSync(dataDir, { recursive: true });
      Math.random = random;
    },
  };
}

type Provisioned = { accounts: readonly SimulatorAccount[]; settings: SettingsPatch; url: string };

/** One account a second, in the given order: that is the order among accounts of the same priority. */
function provision(rooms: Rooms, clock: ScenarioClock, { accounts, settings, url }: Provisioned): void {
  const apply = (part: unknown): void => void applyProvision(parseProvision(part, {}), rooms);
  apply({
    settings: { clientRequestsPerMinute: 0, ...settings },
    clientKeys: [{ name: 'scenario', key: CLIENT_KEY }],
  });
  for (const account of accounts) {
    apply({ accounts: [provisioned(account, url, clock.now())] });
    clock.advance(1000);
  }
}

function provisioned({ name, kind, secret }: SimulatorAccount, url: string, now: number): object {
  const common = { name, kind, baseUrl: url, priority: 0 };
  if (kind === 'api-key') return { ...common, apiKey: secret };
  const expiresAt = now + 10 * 24 * 3_600_000;
  return { ...common, accessToken: secret, refreshToken: `refresh-of-${secret}`, expiresAt };
}
