import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Request headers that tell the upstream of the bench what to do. */
export const BENCH_HEADERS = {
  events: 'x-bench-events',
  intervalMs: 'x-bench-interval-ms',
  offsetMs: 'x-bench-offset-ms',
  sink: 'x-bench-sink',
  echo: 'x-bench-echo',
  hold: 'x-bench-hold',
} as const;

/**
 * An upstream that costs next to nothing and stamps every event with the time of its writing. It runs in the
 * process of the load generator, so that both read the same clock.
 */
export type Upstream = {
  url: URL;
  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void>;
  /** Resolves with `performance.now()` when the next connection or answer is closed early. */
  nextClose(): Promise<number>;
  close(): void;
};

const USAGE =
  '"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":9}';
const PLAIN = Buffer.from(
  `{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[{"type":"text","text":"Hello, and good day."}],"stop_reason":"end_turn","stop_sequence":null,${USAGE}}`,
);
const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;
const STREAM_START =
  event(
    'message_start',
    `{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[],"stop_reason":null,"stop_sequence":null,${USAGE}}}`,
  ) +
  event(
    'content_block_start',
    '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
  );
const STREAM_END =
  event('content_block_stop', '{"type":"content_block_stop","index":0}') +
  event(
    'message_delta',
    `{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},${USAGE}}`,
  ) +
  event('message_stop', '{"type":"message_stop"}');

const STAMP = /@([0-9.]+)@/g;

/** Times of writing of the events in a chunk. */
export function sentAt(chunk: Buffer): number[] {
  return [...chunk.toString('latin1').matchAll(STAMP)].map((match) => Number(match[1]));
}

/** Starts the upstream on a free port of 127.0.0.1. */
export async function startUpstream(): Promise<Upstream> {
  const requests: (() => void)[] = [];
  const closes: ((at: number) => void)[] = [];
  const server = http.createServer((req, res) => {
    res.on('close', () => {
      if (!res.writableFinished) closes.shift()?.(performance.now());
    });
    requests.shift()?.();
    answer(req, res);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    nextRequest: () => new Promise((resolve) => requests.push(resolve)),
    nextClose: () => new Promise((resolve) => closes.push(resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(req: http.IncomingMessage, res: http.ServerResponse): void {
  const has = (name: string): boolean => req.headers[name] !== undefined;
  if (has(BENCH_HEADERS.echo)) {
    const length = req.headers['content-length'];
    res.writeHead(200, {
      'content-type': 'application/json',
      ...(length ? { 'content-length': length } : {}),
    });
    req.pipe(res);
    return;
  }
  req.resume();
  if (has(BENCH_HEADERS.hold)) hold(req, res);
  else if (has(BENCH_HEADERS.events)) stream(req, res);
  else req.on('end', () => plain(res));
}

function plain(res: http.ServerResponse): void {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': PLAIN.length });
  res.end(PLAIN);
}

function hold(req: http.IncomingMessage, res: http.ServerResponse): void {
  if (req.headers[BENCH_HEADERS.hold] !== 'body') return;
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  res.write('{"id":');
}

function stream(req: http.IncomingMessage, res: http.ServerResponse): void {
  const events = Number(req.headers[BENCH_HEADERS.events]);
  const intervalMs = Number(req.headers[BENCH_HEADERS.intervalMs] ?? 20);
  const offsetMs = Number(req.headers[BENCH_HEADERS.offsetMs] ?? 0);
  let sent = 0;
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.write(STREAM_START);
  const next = (): void => {
    sent += 1;
    const text = `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words @${performance.now()}@ more"}}`;
    res.write(event('content_block_delta', text));
    if (sent < events) return;
    clearInterval(timer);
    res.end(STREAM_END);
  };
  let timer: NodeJS.Timeout = setTimeout(() => {
    timer = setInterval(next, intervalMs);
  }, offsetMs);
  res.on('close', () => clearInterval(timer));
}
