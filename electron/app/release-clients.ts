import { Worker } from 'node:worker_threads';
import { connectThread } from '../../shared/thread-rpc.ts';
import type { EngineCalls, EngineEvents, EngineInit, Logger } from '../core/thread-contract.ts';

/** Time for it to close its store, ms. */
const CLOSING_MS = 2000;

/**
 * The engine is gone for good: a worker of its own gives the clients their settings back, as the engine does on its
 * way out. Resolves when it has ended; never throws.
 */
export async function releaseClients(deps: { base: URL; init: EngineInit; log: Logger }): Promise<void> {
  const init: EngineInit = { ...deps.init, provisionFile: null, task: 'release-clients' };
  const worker = new Worker(new URL('engine.js', deps.base), { workerData: init });
  const client = connectThread<EngineCalls, EngineEvents>(worker);
  client.on('log', (line) => deps.log[line.level](line.event, line.fields));
  worker.on('error', (error) => deps.log.error('release_clients_error', { message: error.message }));
  worker.once('exit', () => client.close({ code: 'thread_down', message: 'It stopped.' }));
  try {
    await client.call('start', undefined);
    await client.call('shutdown', { deadlineMs: CLOSING_MS });
    deps.log.info('clients_released');
  } catch (error) {
    deps.log.error('clients_not_released', { message: error instanceof Error ? error.message : 'unknown' });
  } finally {
    await worker.terminate();
  }
}
