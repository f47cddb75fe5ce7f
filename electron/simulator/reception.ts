import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { identify } from './authenticate.ts';
import type { Behaviour } from './behaviour.ts';
import type { Exchange } from './exchange.ts';
import { modelOf } from './messages.ts';
import { perform } from './perform.ts';
import { randomFor } from './random.ts';
import { RequestRecord } from './received-request.ts';
import type { ScriptList } from './scripts.ts';
import { refreshingAccount } from './token-endpoint.ts';
import type { World } from './world.ts';

/** What every request of one simulator shares. */
export type Reception = {
  readonly world: World;
  readonly scripts: ScriptList;
  /** Requests are kept, so every body is hashed. */
  readonly recording: boolean;
  /** Requests so far. */
  received: number;
  announce(record: RequestRecord): void;
};

/** Takes one request from its head to the behaviour that answers it. */
export function receive(reception: Reception, req: IncomingMessage, res: ServerResponse): void {
  const exchange = open(reception, req, res);
  const early = takeScript(reception, exchange, true);
  if (early) {
    reception.announce(exchange.record);
    perform(exchange, early);
    return;
  }
  const hashing = reception.recording || req.headers['x-sim-body-sha256'] !== undefined;
  readBody(exchange, hashing, (complete) => {
    exchange.account ??= exchange.path === '/v1/oauth/token' ? refreshingAccount(exchange) : null;
    exchange.record.account = exchange.account?.name ?? null;
    reception.announce(exchange.record);
    if (complete) perform(exchange, takeScript(reception, exchange, false) ?? { kind: 'normal' });
  });
}

function open(reception: Reception, req: IncomingMessage, res: ServerResponse): Exchange {
  const { world } = reception;
  const [path = '/', query = ''] = (req.url ?? '/').split('?', 2);
  const { account } = identify(req, world.accounts, world.clock.now());
  return {
    req,
    res,
    world,
    record: new RequestRecord(req, res, account?.name ?? null, world.clock),
    path,
    query: new URLSearchParams(query),
    requestId: world.newId('req_'),
    random: randomFor(world.seed, reception.received++),
    account,
    bodySha256: null,
    effect: {},
  };
}

function takeScript({ scripts }: Reception, exchange: Exchange, beforeBody: boolean): Behaviour | null {
  const account = exchange.account?.name ?? null;
  return scripts.take({ account, path: exchange.path, beforeBody, model: () => modelOf(exchange) });
}

/** Reads the whole body; `done(false)` when the peer left before its end. */
function readBody(exchange: Exchange, hashing: boolean, done: (complete: boolean) => void): void {
  const { req, record } = exchange;
  const chunks: Buffer[] = [];
  const hash = hashing ? createHash('sha256') : null;
  const finish = (complete: boolean): void => {
    record.body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    exchange.bodySha256 = hash?.digest('hex') ?? null;
    done(complete);
  };
  req.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    hash?.update(chunk);
  });
  req.once('end', () => finish(true));
  req.once('error', () => {
    if (!req.complete) finish(false);
  });
}
