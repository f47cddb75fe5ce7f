import type { ErrorDetail, ResponseHeaders } from './behaviour.ts';
import { chosenEncoding, compress } from './encoding.ts';
import type { Exchange } from './exchange.ts';

/** Header fields of every answer of the API: ids, and the hash that proves which body arrived. */
export function commonHeaders(exchange: Exchange): ResponseHeaders {
  const headers: ResponseHeaders = { 'request-id': exchange.requestId };
  if (exchange.account) headers['anthropic-organization-id'] = exchange.account.organizationId;
  if (exchange.bodySha256) headers['x-sim-body-sha256'] = exchange.bodySha256;
  return headers;
}

/** Sends JSON with the common headers. */
export function sendJson(
  exchange: Exchange,
  status: number,
  value: unknown,
  headers?: ResponseHeaders,
): void {
  sendBody(exchange, status, Buffer.from(JSON.stringify(value)), {
    'content-type': 'application/json',
    ...headers,
  });
}

/** Sends a whole body, compressed or broken off when the request or its script asks for that. */
export function sendBody(exchange: Exchange, status: number, plain: Buffer, headers: ResponseHeaders): void {
  const encoding = chosenEncoding(exchange);
  const body = encoding ? compress(plain, encoding) : plain;
  const head: ResponseHeaders = { ...commonHeaders(exchange), ...headers };
  if (encoding) head['content-encoding'] = encoding;
  const all = { ...head, ...exchange.effect.headers };
  if (exchange.effect.cut) sendCut(exchange, status, body, all);
  else exchange.res.writeHead(status, { ...all, 'content-length': String(body.length) }).end(body);
}

function sendCut(exchange: Exchange, status: number, body: Buffer, headers: ResponseHeaders): void {
  const { framing, afterBytes } = exchange.effect.cut ?? {};
  const framed = framing === 'chunked' ? headers : { ...headers, 'content-length': String(body.length) };
  exchange.res.writeHead(status, framed);
  exchange.res.write(body.subarray(0, afterBytes ?? Math.floor(body.length / 2)));
  breakOff(exchange);
}

/** Closes the connection once what was written is out, without completing the answer. */
export function breakOff(exchange: Exchange): void {
  exchange.record.cutHere = true;
  exchange.res.flushHeaders();
  exchange.req.socket.destroySoon();
}

/** Sends the API's error envelope (API errors reference). */
export function sendError(
  exchange: Exchange,
  status: number,
  error: ErrorDetail,
  headers?: ResponseHeaders,
): void {
  sendJson(exchange, status, { type: 'error', error, request_id: exchange.requestId }, headers);
}

export function badRequest(exchange: Exchange, message: string): void {
  sendError(exchange, 400, { type: 'invalid_request_error', message });
}

export function notFound(exchange: Exchange, message: string): void {
  sendError(exchange, 404, { type: 'not_found_error', message });
}
