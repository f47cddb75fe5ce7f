import { type MessagePort, Worker } from 'node:worker_threads';
import { connectThread } from '../../../shared/thread-rpc.ts';
import type {
  EngineCalls,
  EngineEvents,
  EngineInit,
  KeychainReply,
  KeychainRequest,
} from '../../core/thread-contract.ts';
import { startArchiveThread } from './archive-thread.ts';

/** A keychain that any test can see through: it turns every bit. */
function fakeKeychain(request: KeychainRequest): KeychainReply {
  const bytes = (request.type === 'wrap' ? request.key : request.wrapped).map((byte) => byte ^ 0xff);
  return { seq: request.seq, ok: true, bytes, backend: 'test' };
}

/** The real engine in a real thread, the real archive beside it, and the shell's part in the hands of a test. */
export async function startEngineThread(
  init: Partial<EngineInit> & { dataDir: string },
  env: Record<string, string> = {},
) {
  const worker = new Worker(new URL('../../engine.ts', import.meta.url), {
    workerData: {
      appVersion: '0.0.0',
      portOverride: 0,
      demo: false,
      provisionFile: null,
      task: 'serve',
      ...init,
    },
    env: { ...process.env, ...env },
  });
  const client = connectThread<EngineCalls, EngineEvents>(worker);
  client.on('keychain', (request) => {
    worker.postMessage({ type: 'keychain-reply', reply: fakeKeychain(request) });
  });
  const log: EngineEvents['log'][] = [];
  client.on('log', (line) => log.push(line));
  const archive = startArchiveThread(init.dataDir);
  await archive.client.call('start', undefined);
  const port = archive.enginePort() as MessagePort;
  worker.postMessage({ type: 'archive-port', port }, [port]);
  return {
    client,
    archive: archive.client,
    log,
    /** Address of the proxy. */
    start: async (): Promise<string> => `http://127.0.0.1:${(await client.call('start', undefined)).port}`,
    async stop(): Promise<void> {
      await client.call('shutdown', { deadlineMs: 1000 });
      await archive.client.call('shutdown', undefined);
      await Promise.all([worker.terminate(), archive.kill()]);
    },
    /** Ends both threads as a crash would. */
    async crash(): Promise<void> {
      await Promise.all([worker.terminate(), archive.kill()]);
    },
  };
}
