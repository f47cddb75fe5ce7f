import { z } from 'zod';
import prices from '../../../resources/prices.json' with { type: 'json' };
import { type RequestRecord, requestRecordSchema } from '../../../shared/request-record.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/ports.ts';
import type { RecorderPort } from '../../core/recording/batch-sender.ts';
import { parsePrices } from '../../core/usage/load-prices.ts';
import { openEngineStore } from '../../store/engine-store.ts';
import { createRooms, type Rooms } from '../../threads/engine-rooms.ts';
import { mortalClock } from './scenario-clock.ts';

/** One run of the engine, from its start until it ends or is killed. */
export type EngineLife = {
  readonly rooms: Rooms;
  readonly url: string;
  /** Ends as the app does: what waits is written. */
  quit(): Promise<void>;
  /** Ends as a crash does: what waits is lost. */
  crash(): Promise<void>;
};

/** The prices that the app ships with. */
export const PRICES = parsePrices(prices);

/** Every vault of the scenarios has this key, so that an engine opens what the one before it sealed. */
const DATA_KEYS = { currentId: 'scenario', byId: new Map([['scenario', new Uint8Array(32).fill(7)]]) };

const quiet = (): void => undefined;
const SILENT: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Starts the real engine rooms over the files of `dataDir`; `prepare` may change them before the proxy listens. */
export async function startEngine(given: {
  dataDir: string;
  clock: Clock;
  record: (record: RequestRecord) => void;
  prepare: (rooms: Rooms) => void;
}): Promise<EngineLife> {
  const clock = mortalClock(given.clock);
  const rooms = createRooms({
    store: openEngineStore(given.dataDir),
    prices: PRICES,
    clock,
    log: SILENT,
    env: {},
    mark: quiet,
    askForProxy: quiet,
  });
  rooms.vault.load(DATA_KEYS);
  rooms.accounts.load();
  given.prepare(rooms);
  rooms.recorder.attach(recorderPort(given.record));
  const port = await rooms.proxy.listen(0);
  const end = async (): Promise<void> => {
    await rooms.proxy.close();
    clock.die();
  };
  return {
    rooms,
    url: `http://127.0.0.1:${port}`,
    async quit() {
      await end();
      const { accounts, clientKeys, limits, balancer, spend, forecasts } = rooms;
      for (const room of [accounts, clientKeys, limits, balancer, spend, forecasts]) room.flush();
      rooms.store.close();
    },
    async crash() {
      await end();
      rooms.store.close();
    },
  };
}

const batchSchema = z.object({ batch: z.number(), json: z.string() });

/** In the archive's place: takes every batch at once. */
function recorderPort(record: (record: RequestRecord) => void): RecorderPort {
  let acknowledge: (message: unknown) => void = quiet;
  return {
    on(_event, listener) {
      acknowledge = listener;
    },
    postMessage(message) {
      const { batch, json } = batchSchema.parse(message);
      for (const one of z.array(requestRecordSchema).parse(JSON.parse(json))) record(one);
      queueMicrotask(() => acknowledge({ type: 'written', batch }));
    },
  };
}
