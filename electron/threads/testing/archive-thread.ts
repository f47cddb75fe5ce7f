import { MessageChannel, Worker } from 'node:worker_threads';
import { connectThread, type ThreadClient } from '../../../shared/thread-rpc.ts';
import type { RecorderPort } from '../../core/recording/batch-sender.ts';
import type { ArchiveCalls, ArchiveEvents } from '../../core/thread-contract.ts';

/** A real archive thread with the shell's and the engine's end in the hands of a test. */
export type ArchiveThread = {
  readonly client: ThreadClient<ArchiveCalls, ArchiveEvents>;
  /** Makes a new channel and hands one end to the archive. */
  enginePort(): RecorderPort;
  /** Ends the thread without warning; again does nothing. */
  kill(): Promise<void>;
};

/** Starts `electron/archive.ts` as the app does. */
export function startArchiveThread(dataDir: string): ArchiveThread {
  const worker = new Worker(new URL('../../archive.ts', import.meta.url), { workerData: { dataDir } });
  return {
    client: connectThread<ArchiveCalls, ArchiveEvents>(worker),
    enginePort() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: 'engine-port', port: port2 }, [port2]);
      return port1;
    },
    async kill() {
      await worker.terminate();
    },
  };
}
