import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { OWN_ERRORS, type OwnError, type OwnErrorCode } from './own-errors.ts';

/** What may differ from the catalogue's entry. */
export type ErrorDetail = {
  readonly message?: string;
  /** Rounded up to whole seconds for `retry-after`. */
  readonly retryAfterMs?: number;
  readonly retry?: boolean;
  /** Further headers, names and values in turn. */
  readonly headers?: readonly string[];
};

/** Our answers are for one program and are no documents. There is no CORS header, ever. */
const SECURITY_HEADERS = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff'];

/** Answers with an error of the catalogue in the shape of the Claude API. The id is header and `request_id`. */
export function sendError(
  res: ServerResponse,
  id: string,
  code: OwnErrorCode,
  detail: ErrorDetail = {},
): void {
  const { status, headers, body } = errorAnswer(id, code, detail);
  send(res, status, headers, body);
}

/** `GET /health`: that the proxy answers, and nothing else. */
export function sendHealth(res: ServerResponse): void {
  const body = '{"status":"ok"}';
  send(res, 200, ['content-type', 'application/json', 'content-length', String(body.length)], body);
}

/** For the warm-up probes of clients (HEAD `/`, HEAD `/api/hello`), which are content with any answer. */
export function sendEmpty(res: ServerResponse): void {
  send(res, 200, ['content-length', '0'], '');
}

/** The same on a bare socket, for what Node refuses before there is a request; ends the connection. */
export function sendRawError(socket: Duplex, id: string, code: OwnErrorCode): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = errorAnswer(id, code, {});
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'connection: close'];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  for (let i = 0; i < SECURITY_HEADERS.length; i += 2) {
    lines.push(`${SECURITY_HEADERS[i]}: ${SECURITY_HEADERS[i + 1]}`);
  }
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function errorAnswer(id: string, code: OwnErrorCode, detail: ErrorDetail) {
  const entry: OwnError = OWN_ERRORS[code];
  const body = JSON.stringify({
    type: 'error',
    error: { type: entry.type, message: detail.message ?? entry.message },
    request_id: id,
  });
  const headers = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))];
  headers.push('request-id', id);
  const retry = detail.retry ?? entry.retry;
  if (retry !== null) headers.push('x-should-retry', String(retry));
  if (detail.retryAfterMs !== undefined) {
    headers.push('retry-after', String(Math.max(1, Math.ceil(detail.retryAfterMs / 1000))));
  }
  if (detail.headers !== undefined) headers.push(...detail.headers);
  if (entry.status === 405) headers.push('allow', 'GET, HEAD, POST, DELETE');
  return { status: entry.status, headers, body };
}

function send(res: ServerResponse, status: number, headers: string[], body: string): void {
  res.writeHead(status, [...headers, ...SECURITY_HEADERS]);
  res.end(body);
}
