import type { Writable } from 'node:stream';
import type { ResponseHeaders } from './behaviour.ts';
import { chosenEncoding, streamingCompressor } from './encoding.ts';
import type { Exchange } from './exchange.ts';
import type { StreamEnd } from './message-events.ts';
import { breakOff, commonHeaders } from './respond.ts';

/** Sends events one by one, `intervalMs` apart (0: as fast as the peer reads). */
export function sendEvents(
  exchange: Exchange,
  events: Generator<string | Buffer, StreamEnd>,
  intervalMs: number,
  headers: ResponseHeaders,
): void {
  const out = openStream(exchange, headers);
  const finish = (end: StreamEnd): void => {
    if (end === 'complete') out.end();
    else flushed(out, exchange, () => breakOff(exchange));
  };
  if (intervalMs > 0) pace(exchange, out, events, intervalMs, finish);
  else flow(exchange, out, events, finish);
}

function openStream(exchange: Exchange, headers: ResponseHeaders): Writable {
  const { res } = exchange;
  const encoding = chosenEncoding(exchange);
  const head = {
    ...commonHeaders(exchange),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
    ...(encoding ? { 'content-encoding': encoding } : {}),
    ...exchange.effect.headers,
  };
  res.writeHead(200, head);
  if (!encoding) return res;
  const compressor = streamingCompressor(encoding);
  compressor.pipe(res);
  return compressor;
}

/** Calls back once the compressor, if there is one, has handed everything to the response. */
function flushed(out: Writable, exchange: Exchange, done: () => void): void {
  if (out === exchange.res) done();
  else out.write('', () => setImmediate(done));
}

/** One event per tick of one timer; ticks are skipped while the peer does not read. */
function pace(
  exchange: Exchange,
  out: Writable,
  events: Generator<string | Buffer, StreamEnd>,
  intervalMs: number,
  finish: (end: StreamEnd) => void,
): void {
  const step = (): void => {
    if (out.writableNeedDrain) return;
    const next = events.next();
    if (!next.done) {
      out.write(next.value);
      return;
    }
    clearInterval(timer);
    finish(next.value);
  };
  const timer = setInterval(step, intervalMs);
  exchange.res.once('close', () => clearInterval(timer));
  step();
}

/** Writes until the peer's window is full, then goes on when it has drained. */
function flow(
  exchange: Exchange,
  out: Writable,
  events: Generator<string | Buffer, StreamEnd>,
  finish: (end: StreamEnd) => void,
): void {
  if (exchange.res.destroyed) return;
  for (let next = events.next(); ; next = events.next()) {
    if (next.done) {
      finish(next.value);
      return;
    }
    if (!out.write(next.value)) break;
  }
  out.once('drain', () => flow(exchange, out, events, finish));
}
