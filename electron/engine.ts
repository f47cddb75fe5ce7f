import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import prices from '../resources/prices.json' with { type: 'json' };
import { systemClock } from './core/clock.ts';
import type { EngineInit } from './core/thread-contract.ts';
import { parsePrices } from './core/usage/load-prices.ts';
import { serveEngine } from './threads/engine-thread.ts';

/** Entry of the engine thread: the proxy and everything that decides where a request goes. */
const initSchema: z.ZodType<EngineInit> = z.object({
  dataDir: z.string().min(1),
  appVersion: z.string(),
  portOverride: z.int().nullable(),
  demo: z.boolean(),
  provisionFile: z.string().nullable(),
  task: z.enum(['serve', 'restore-clients', 'release-clients']),
});

if (!parentPort) throw new Error('engine.ts runs as a worker thread only');
serveEngine(parentPort, {
  init: initSchema.parse(workerData),
  prices: parsePrices(prices),
  clock: systemClock,
});
