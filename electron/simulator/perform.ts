import type { Behaviour, ResponseHeaders } from './behaviour.ts';
import { type Effect, type Exchange, later } from './exchange.ts';
import { sendError } from './respond.ts';
import { answerNormally } from './routes.ts';

type Scripted<Kind extends Behaviour['kind']> = Extract<Behaviour, { kind: Kind }>;

/** Carries a behaviour out. */
export function perform(exchange: Exchange, behaviour: Behaviour): void {
  switch (behaviour.kind) {
    case 'normal':
      bend(exchange, behaviour.headers ? { headers: behaviour.headers } : {});
      return;
    case 'error':
      sendError(exchange, behaviour.status, behaviour.error, behaviour.headers);
      return;
    case 'respond':
      respond(exchange, behaviour);
      return;
    case 'slow':
      later(exchange, behaviour.delayMs, () => perform(exchange, behaviour.then ?? { kind: 'normal' }));
      return;
    case 'hold':
      holdBack(exchange, behaviour);
      return;
    case 'cut-stream':
    case 'cut-body':
      bend(exchange, { cut: behaviour });
      return;
    case 'stream-error':
      bend(exchange, { streamError: { afterEvents: behaviour.afterEvents ?? 4, error: behaviour.error } });
      return;
    case 'endless-stream':
      bend(exchange, { endlessIntervalMs: behaviour.intervalMs ?? 10 });
      return;
    case 'reset':
      exchange.record.cutHere = true;
      exchange.req.socket.resetAndDestroy();
      return;
    case 'garbage':
      garbage(exchange, behaviour.layer ?? 'body');
      return;
    case 'custom':
      behaviour.handle(exchange.req, exchange.res);
      return;
  }
}

function bend(exchange: Exchange, effect: Effect): void {
  exchange.effect = effect;
  answerNormally(exchange);
}

function respond(
  exchange: Exchange,
  { status, headers = {}, body = '', chunked }: Scripted<'respond'>,
): void {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  const all: ResponseHeaders = isText ? headers : { 'content-type': 'application/json', ...headers };
  const { res } = exchange;
  if (!chunked) res.writeHead(status, { 'content-length': String(bytes.length), ...all }).end(bytes);
  else {
    res.writeHead(status, all);
    res.write(bytes);
    res.end();
  }
}

function holdBack(exchange: Exchange, { released, then }: Scripted<'hold'>): void {
  void released?.then(() => {
    if (!exchange.res.destroyed) perform(exchange, then ?? { kind: 'normal' });
  });
}

function garbage(exchange: Exchange, layer: 'body' | 'protocol'): void {
  if (layer === 'body') {
    respond(exchange, {
      kind: 'respond',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '<html>\u0000 {"half": ',
    });
    return;
  }
  exchange.req.socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0xfe, 0x0a]));
  breakOffRaw(exchange);
}

function breakOffRaw(exchange: Exchange): void {
  exchange.record.cutHere = true;
  exchange.req.socket.destroySoon();
}
