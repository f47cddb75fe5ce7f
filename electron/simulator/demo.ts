import { type Simulator, type SimulatorAccount, startSimulator } from './simulator.ts';

/** An account for the demo to set up; every address is the simulator's. */
export type DemoAccount = {
  name: string;
  kind: 'api-key' | 'oauth';
  apiKey?: string;
  accessToken?: string;
  refreshToken?: string;
  /** UTC ms at which `accessToken` ends. */
  expiresAt?: number;
  baseUrl: string;
  /** Only where there is a token to renew. */
  tokenUrl?: string;
  /** Lower is preferred. */
  priority: number;
};

export type Demo = { simulator: Simulator; accounts: DemoAccount[]; close(): Promise<void> };

export type DemoOptions = { seed?: number; clock?: { now(): number } };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type DemoSpec = SimulatorAccount & { priority: number };

/**
 * A provider with three accounts whose limits end at different times. The preferred one has a five-hour window that
 * a few messages fill, so that a fail-over can be watched soon and its recovery a quarter of an hour later.
 */
export async function startDemo({
  seed = 1,
  clock = { now: () => Date.now() },
}: DemoOptions = {}): Promise<Demo> {
  const specs = demoSpecs(clock.now());
  const latency = { headMs: 350, eventIntervalMs: 25 };
  const simulator = await startSimulator({ seed, clock, accounts: specs, latency, recordRequests: false });
  const accounts = specs.map((spec) => provision(spec, simulator.url));
  return { simulator, accounts, close: () => simulator.close() };
}

function demoSpecs(now: number): DemoSpec[] {
  return [
    {
      name: 'Personal plan',
      kind: 'oauth',
      secret: 'sk-ant-oat01-demo-personal',
      refreshToken: 'sk-ant-ort01-demo-personal',
      expiresAt: now + 6 * HOUR_MS,
      priority: 0,
      windows: {
        '5h': { utilization: 0.93, resetAt: now + 14 * MINUTE_MS, burnPerRequest: 0.01 },
        '7d': { utilization: 0.58, resetAt: now + 52 * HOUR_MS, burnPerRequest: 0.0008 },
        '7d_opus': { utilization: 0.71, resetAt: now + 52 * HOUR_MS, burnPerRequest: 0.001 },
      },
    },
    {
      name: 'Second plan',
      kind: 'oauth',
      secret: 'sk-ant-oat01-demo-second',
      refreshToken: 'sk-ant-ort01-demo-second',
      expiresAt: now + 10 * MINUTE_MS,
      priority: 1,
      windows: {
        '5h': { utilization: 0.22, resetAt: now + 3 * HOUR_MS + 17 * MINUTE_MS, burnPerRequest: 0.0015 },
        '7d': { utilization: 0.34, resetAt: now + 121 * HOUR_MS, burnPerRequest: 0.0002 },
        '7d_oi': { utilization: 0.15, resetAt: now + 121 * HOUR_MS, burnPerRequest: 0.004 },
      },
    },
    {
      name: 'Work API key',
      kind: 'api-key',
      secret: 'sk-ant-api03-demo-work',
      priority: 2,
      windows: {
        requests: { limit: 1000, remaining: 1000, resetAt: now + MINUTE_MS },
        'input-tokens': { limit: 2_000_000, remaining: 2_000_000, resetAt: now + MINUTE_MS },
        'output-tokens': { limit: 400_000, remaining: 400_000, resetAt: now + MINUTE_MS },
      },
    },
  ];
}

function provision(spec: DemoSpec, url: string): DemoAccount {
  const { name, kind, priority, secret, refreshToken, expiresAt } = spec;
  const common = { name, kind, baseUrl: url, priority };
  if (kind === 'api-key') return { ...common, apiKey: secret };
  return {
    ...common,
    tokenUrl: `${url}/v1/oauth/token`,
    accessToken: secret,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
