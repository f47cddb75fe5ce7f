import { MessageChannel, type Worker } from 'node:worker_threads';
import { connectThread, ThreadCallError, type ThreadClient } from '../../shared/thread-rpc.ts';
import type {
  ArchiveCalls,
  ArchiveEvents,
  ArchiveInit,
  EngineCalls,
  EngineEvents,
  EngineInit,
  EngineRawMessage,
  KeychainReply,
  KeychainRequest,
  Logger,
} from '../core/thread-contract.ts';
import type { AppStateHolder } from '../ipc/app-state.ts';
import { releaseClients } from './release-clients.ts';
import { type Supervisor, superviseThread } from './thread-supervisor.ts';

/** Client of the engine. */
export type EngineClient = ThreadClient<EngineCalls, EngineEvents>;
/** Client of the archive. */
export type ArchiveClient = ThreadClient<ArchiveCalls, ArchiveEvents>;

/** Heap ceilings, MB: a thread that leaks dies alone and is started again. */
const ENGINE_HEAP_MB = 1536;
const ARCHIVE_HEAP_MB = 512;

/** Room for short-lived objects, MB: larger than the default, so that the many small ones of a request are collected rarely. */
const YOUNG_MB = 48;

/** What the threads need. */
export type ThreadsDeps = {
  /** Folder of the built entries, as a URL ending in a slash. */
  base: URL;
  init: EngineInit;
  state: AppStateHolder;
  log: Logger;
  answerKeychain: (request: KeychainRequest) => Promise<KeychainReply>;
  resolveProxy: (origin: string) => Promise<string | null>;
  onListening: (port: number) => void;
  onRecorded: (rows: ArchiveEvents['recorded']['rows']) => void;
  /** Outcome of the engine's very first start. */
  onFirstStart: (outcome: Promise<{ port: number | null }>) => void;
};

/** Both worker threads, wired to each other and kept alive; the engine alone for a task that serves nobody. */
export type Threads = {
  start(): void;
  engine(): EngineClient;
  archive(): ArchiveClient;
  stop(): Promise<void>;
  kill(name: 'engine' | 'archive'): void;
};

/** The workers of the moment, their clients, and the port that a restarted engine must take again. */
type Wiring = {
  deps: ThreadsDeps;
  workers: { engine: Worker | null; archive: Worker | null };
  clients: { engine: EngineClient; archive: ArchiveClient };
  lastPort: number | null;
  /** The engine has started once. */
  started: boolean;
};

/** See {@link Threads}. */
export function createThreads(deps: ThreadsDeps): Threads {
  const wiring: Wiring = {
    deps,
    workers: { engine: null, archive: null },
    clients: { engine: downClient<EngineClient>(), archive: downClient<ArchiveClient>() },
    lastPort: deps.init.portOverride,
    started: false,
  };
  const engine = supervise(wiring, 'engine', ENGINE_HEAP_MB, () => ({
    ...deps.init,
    portOverride: portFor(wiring),
    // Applied once: what the user changed since then stays changed when the engine comes back.
    provisionFile: wiring.started ? null : deps.init.provisionFile,
  }));
  const archive = supervise(wiring, 'archive', ARCHIVE_HEAP_MB, () => ({ dataDir: deps.init.dataDir }));
  return {
    start() {
      engine.start();
      if (deps.init.task === 'serve') archive.start();
    },
    engine: () => wiring.clients.engine,
    archive: () => wiring.clients.archive,
    async stop() {
      await Promise.all([engine.stop(), archive.stop()]);
    },
    kill: (name) => (name === 'engine' ? engine : archive).kill(),
  };
}

/** A port the system chose stays the same after a restart; one from the settings is read again. */
function portFor({ deps, lastPort }: Wiring): number | null {
  const fixed = deps.init.portOverride === null && deps.state.current().settings.port !== 0;
  return fixed ? null : lastPort;
}

function supervise(
  wiring: Wiring,
  name: 'engine' | 'archive',
  heapMb: number,
  data: () => EngineInit | ArchiveInit,
): Supervisor {
  const up = name === 'engine' ? engineUp : archiveUp;
  return superviseThread({
    name,
    file: new URL(`${name}.js`, wiring.deps.base),
    options: () => ({
      workerData: data(),
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
    }),
    log: wiring.deps.log,
    onState: (state) => wiring.deps.state.setThread(name, state),
    onUp: (worker, restart) => up(wiring, worker, restart),
    onDown: (again) => {
      wiring.workers[name] = null;
      const next = again
        ? 'is being started again. Try in a moment.'
        : 'stopped. Quit the app and start it again.';
      const message = `The ${WORDS[name]} ${next}`;
      if (!again) givenUp(wiring, name, message);
      wiring.clients[name].close({ code: 'thread_down', message });
    },
  });
}

/** Nobody may stay pointed at a proxy that does not come back. */
function givenUp({ deps }: Wiring, name: 'engine' | 'archive', message: string): void {
  deps.state.addEvent({ level: 'bad', code: 'thread_failed', message });
  if (name === 'engine' && deps.init.task === 'serve') void releaseClients(deps);
}

/** What people call the threads. */
const WORDS = { engine: 'proxy', archive: 'request log' };

/** Whenever one of the two is new, both get the ends of a new channel. */
function join({ workers }: Wiring): void {
  if (!workers.engine || !workers.archive) return;
  const { port1, port2 } = new MessageChannel();
  workers.engine.postMessage({ type: 'archive-port', port: port1 }, [port1]);
  workers.archive.postMessage({ type: 'engine-port', port: port2 }, [port2]);
}

function engineUp(wiring: Wiring, worker: Worker, restart: boolean): void {
  const { deps } = wiring;
  const client = connectThread<EngineCalls, EngineEvents>(worker);
  wiring.workers.engine = worker;
  wiring.clients.engine = client;
  client.on('log', (line) => deps.log[line.level](line.event, line.fields));
  client.on('state', (slices) => deps.state.fromEngine(slices));
  client.on('keychain', (request) => {
    void deps.answerKeychain(request).then((reply) => worker.postMessage({ type: 'keychain-reply', reply }));
  });
  client.on('resolveProxy', ({ origin }) => {
    void deps
      .resolveProxy(origin)
      .then((proxy) =>
        worker.postMessage({ type: 'system-proxy', origin, proxy } satisfies EngineRawMessage),
      );
  });
  client.on('listening', ({ port }) => {
    wiring.lastPort = port;
    deps.onListening(port);
  });
  join(wiring);
  const started = client.call('start', undefined);
  void started.then(
    () => {
      wiring.started = true;
    },
    () => undefined,
  );
  if (!restart) {
    deps.onFirstStart(started);
    return;
  }
  started.then(
    () => restarted(wiring, 'engine'),
    (error: unknown) => deps.log.error('engine_restart_failed', { message: String(error) }),
  );
}

function archiveUp(wiring: Wiring, worker: Worker, restart: boolean): void {
  const { deps } = wiring;
  const client = connectThread<ArchiveCalls, ArchiveEvents>(worker);
  wiring.workers.archive = worker;
  wiring.clients.archive = client;
  client.on('log', (line) => deps.log[line.level](line.event, line.fields));
  client.on('recorded', ({ rows }) => deps.onRecorded(rows));
  client.on('setAside', ({ file, error }) => {
    deps.log.error('archive_set_aside', { file, code: error.code });
    deps.state.addEvent({ level: 'bad', code: 'archive_set_aside', message: error.message });
  });
  join(wiring);
  const { requestRetentionDays, maxArchiveBytes } = deps.state.current().settings;
  void client.call('configure', { requestRetentionDays, maxArchiveBytes }).catch(() => undefined);
  client.call('start', undefined).then(
    () => restart && restarted(wiring, 'archive'),
    (error: unknown) => archiveFailed(deps, error),
  );
}

function archiveFailed(deps: ThreadsDeps, error: unknown): void {
  const message = error instanceof ThreadCallError ? error.view.message : 'The log file has the detail.';
  deps.log.error('archive_start_failed', { message });
  deps.state.addEvent({
    level: 'bad',
    code: 'archive_failed',
    message: `The request log could not be opened. ${message}`,
  });
}

function restarted({ deps }: Wiring, name: 'engine' | 'archive'): void {
  deps.log.warn('thread_restarted', { thread: name });
  deps.state.addEvent({
    level: 'warn',
    code: 'thread_restarted',
    message: `The ${WORDS[name]} stopped unexpectedly and was started again.`,
  });
}

/** Stands in until the first worker is up. */
function downClient<T extends EngineClient | ArchiveClient>(): T {
  const silent = { postMessage: () => undefined, on: () => undefined };
  const client = connectThread(silent);
  client.close({ code: 'thread_down', message: 'The app is still starting. Try in a moment.' });
  return client as unknown as T;
}
