import { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { type PortLike, serveThread } from '../../shared/thread-rpc.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, toErrorView } from '../core/errors.ts';
import type { EngineCalls, EngineEvents, EngineInit } from '../core/thread-contract.ts';
import type { PriceTable } from '../core/usage/price-table.ts';
import { runDemo } from './demo.ts';
import { engineCalls } from './engine-calls.ts';
import { type ClientSetup, clientCalls, createClientsWithoutStore } from './engine-clients.ts';
import { createEngine, type Engine, type EngineSurroundings } from './engine-service.ts';
import { createKeychainClient } from './keychain-client.ts';
import { createThreadLogger } from './thread-log.ts';

const keychainReplySchema = z.discriminatedUnion('ok', [
  z.object({ seq: z.number(), ok: z.literal(true), bytes: z.instanceof(Uint8Array), backend: z.string() }),
  z.object({ seq: z.number(), ok: z.literal(false), reason: z.string(), absent: z.boolean() }),
]);

const rawMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('keychain-reply'), reply: keychainReplySchema }),
  z.object({ type: z.literal('system-proxy'), origin: z.string(), proxy: z.string().nullable() }),
  z.object({ type: z.literal('archive-port'), port: z.instanceof(MessagePort) }),
]);

/** Answers {@link EngineCalls} on `port`, which also carries the keychain's replies and the archive's port. */
export function serveEngine(
  port: PortLike,
  around: { init: EngineInit; prices: PriceTable; clock: Clock },
): void {
  let engine: Engine | null = null;
  /** Only for `restore-clients`, and only when there can be no engine. */
  let clientsAlone: ClientSetup | null = null;
  let archivePort: MessagePort | null = null;
  let endDemo: (() => Promise<void>) | null = null;
  const keychain = createKeychainClient((request) => send('keychain', request));
  const log = createThreadLogger(
    (line) => send('log', line),
    () => engine?.rooms.settings.current().logLevel ?? 'info',
  );

  const surroundings: EngineSurroundings = {
    ...around,
    keychain,
    log,
    env: process.env,
    push: (slices) => send('state', slices),
    askForProxy: (origin) => send('resolveProxy', { origin }),
    onListening: (listening) => send('listening', { port: listening }),
    onRenewalAwaited: (ms) => send('renewalAwaited', { ms }),
  };

  async function start(): Promise<{ port: number | null }> {
    try {
      engine ??= createEngine(surroundings);
    } catch (error) {
      return await startWithoutEngine(error);
    }
    if (archivePort) engine.rooms.recorder.attach(archivePort);
    const started = await engine.start();
    if (around.init.demo) endDemo = await runDemo(engine, log);
    return started;
  }

  /** Clients must not stay pointed at an app that cannot start. Throws `reason` where it should have served. */
  async function startWithoutEngine(reason: unknown): Promise<{ port: null }> {
    const clients = createClientsWithoutStore(surroundings);
    if (around.init.task !== 'restore-clients') {
      await clients.close();
      if (around.init.task === 'serve') throw reason;
      return { port: null };
    }
    await clients.restore('app');
    clientsAlone = clients;
    return { port: null };
  }

  const currentEngine = (): Engine => {
    if (engine) return engine;
    throw new AppError('thread_down', 'The proxy is still starting. Try in a moment.');
  };

  const shutdown = endOnce(async (deadlineMs) => {
    await endDemo?.();
    await engine?.shutdown(deadlineMs);
  });

  const send = serveThread<EngineCalls, EngineEvents>(
    port,
    {
      ...engineCalls(currentEngine),
      ...clientCalls(() => clientsAlone ?? currentEngine().clients),
      start,
      shutdown,
    },
    (error) => {
      if (!(error instanceof AppError)) log.error('engine_call_failed', { message: wordsOf(error) });
      return toErrorView(error);
    },
  );

  port.on('message', (raw) => {
    const message = rawMessageSchema.safeParse(raw);
    if (!message.success) return;
    if (message.data.type === 'keychain-reply') {
      keychain.reply(message.data.reply);
    } else if (message.data.type === 'system-proxy') {
      engine?.rooms.systemProxy.answer(message.data);
    } else {
      archivePort = message.data.port;
      engine?.rooms.recorder.attach(archivePort);
    }
  });
}

/** Carries `end` out once, however often it is called, and wakes those who sleep until then. */
function endOnce(
  end: (deadlineMs: number) => Promise<void>,
): (argument: EngineCalls['shutdown']['argument']) => Promise<null> {
  let ending: Promise<void> | null = null;
  return async ({ deadlineMs, ended }) => {
    ending ??= end(deadlineMs);
    try {
      await ending;
    } finally {
      if (ended) wake(ended);
    }
    return null;
  };
}

function wake(sleeper: SharedArrayBuffer): void {
  const flag = new Int32Array(sleeper);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
