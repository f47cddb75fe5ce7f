import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { SimulatedAccountState } from './account-state.ts';
import type { ErrorDetail, ResponseHeaders } from './behaviour.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Random } from './random.ts';
import type { RequestRecord } from './received-request.ts';
import type { World } from './world.ts';

/** How a scripted behaviour bends the usual answer. */
export type Effect = {
  headers?: ResponseHeaders;
  cut?: { afterEvents?: number; afterBytes?: number; framing?: 'content-length' | 'chunked' };
  streamError?: { afterEvents: number; error: ErrorDetail };
  endlessIntervalMs?: number;
};

/** One request on its way through the simulator. */
export type Exchange = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly world: World;
  readonly record: RequestRecord;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly requestId: string;
  /** Repeats for the same seed and the same place in the order of requests. */
  readonly random: Random;
  account: SimulatedAccountState | null;
  bodySha256: string | null;
  effect: Effect;
};

/** A request header as one string, or undefined. */
export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.req.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A request header as a number from 0 on, or undefined when it is missing or anything else. */
export function numberHeader(exchange: Exchange, name: string): number | undefined {
  const value = header(exchange, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** The request body with its `content-encoding` undone. @throws Error on a broken encoding. */
export function decodedBody(exchange: Exchange): Buffer {
  const { body } = exchange.record;
  switch (header(exchange, 'content-encoding')) {
    case 'gzip':
      return gunzipSync(body);
    case 'br':
      return brotliDecompressSync(body);
    case 'deflate':
      return inflateSync(body);
    default:
      return body;
  }
}

/** The request body as a JSON object, or null when it is none. */
export function jsonBody(exchange: Exchange): JsonObject | null {
  try {
    const value: unknown = JSON.parse(decodedBody(exchange).toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Runs `action` after `delayMs` unless the connection is gone by then. */
export function later(exchange: Exchange, delayMs: number, action: () => void): void {
  if (delayMs <= 0) {
    action();
    return;
  }
  const timer = setTimeout(action, delayMs);
  exchange.res.once('close', () => clearTimeout(timer));
}

/** `ms` more or less by a quarter. */
export function jittered(random: Random, ms: number): number {
  return ms * (0.75 + random.next() / 2);
}
