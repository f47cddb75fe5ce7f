import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { systemClock } from './core/clock.ts';
import type { ArchiveInit } from './core/thread-contract.ts';
import { serveArchive } from './threads/archive-service.ts';

/** Entry of the archive thread: the request log in its own file, apart from everything that must not wait. */
const initSchema: z.ZodType<ArchiveInit> = z.object({ dataDir: z.string().min(1) });

if (!parentPort) throw new Error('archive.ts runs as a worker thread only');
serveArchive(parentPort, initSchema.parse(workerData), systemClock);
