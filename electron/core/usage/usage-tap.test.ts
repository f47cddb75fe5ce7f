import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TapResult } from '../ports.ts';
import { createUsageTap } from './create-usage-tap.ts';

const event = (data: { type: string; [field: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const STREAM = [
  event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      model: 'claude-sonnet-5-5',
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 300,
        cache_read_input_tokens: 4000,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
        output_tokens: 1,
        service_tier: 'standard',
      },
    },
  }),
  event({ type: 'ping' }),
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  event({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: 'Grüße "message_delta" 日本 \n event: error' },
  }),
  event({ type: 'something_new', x: 1 }),
  event({ type: 'content_block_stop', index: 0 }),
  event({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: {
      output_tokens: 57,
      input_tokens: null,
      output_tokens_details: { thinking_tokens: 9 },
      server_tool_use: { web_search_requests: 2 },
    },
  }),
  event({ type: 'message_stop' }),
].join('');

const EXPECTED: TapResult = {
  usage: {
    inputTokens: 12,
    outputTokens: 57,
    cacheReadTokens: 4000,
    cacheWriteTokens: 300,
    cacheWrite5mTokens: 100,
    cacheWrite1hTokens: 200,
    thinkingTokens: 9,
    webSearches: 2,
    serviceTier: 'standard',
    speed: null,
    inferenceGeo: null,
    partial: false,
  },
  servedModel: 'claude-sonnet-5-5',
  stopReason: 'end_turn',
  errorType: null,
  ended: true,
};

function read(type: string, chunks: readonly Uint8Array[], encoding?: string): TapResult | undefined {
  const tap = createUsageTap(type, encoding);
  for (const chunk of chunks) tap?.write(chunk);
  return tap?.end();
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
}

describe('stream tap', () => {
  it('reads usage, model and end', () => {
    expect(read('text/event-stream; charset=utf-8', [Buffer.from(STREAM)])).toEqual(EXPECTED);
    expect(read('text/event-stream', [Buffer.from(STREAM.replaceAll('\n', '\r\n'))])).toEqual(EXPECTED);
  });

  it('reads the same however the bytes are cut', () => {
    const bytes = Buffer.from(STREAM);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
        expect(read('text/event-stream', cut(bytes, places))).toEqual(EXPECTED);
      }),
    );
  });

  it('does not need the chunk after the call', () => {
    const tap = createUsageTap('text/event-stream', undefined);
    for (const part of cut(Buffer.from(STREAM), [10, 200, 333, 500])) {
      const reused = Buffer.from(part);
      tap?.write(reused);
      reused.fill(0);
    }
    expect(tap?.end()).toEqual(EXPECTED);
  });

  it('marks a stream that broke off as partial and not ended', () => {
    const half = STREAM.slice(0, STREAM.indexOf('event: message_delta'));
    expect(read('text/event-stream', [Buffer.from(half)])).toMatchObject({
      usage: { inputTokens: 12, outputTokens: 1, partial: true },
      ended: false,
    });
  });

  it('sees an error event after 200', () => {
    const text = event({ type: 'error', error: { type: 'overloaded_error', message: 'x' } });
    expect(read('text/event-stream', [Buffer.from(text)])).toMatchObject({
      errorType: 'overloaded_error',
      ended: true,
    });
  });

  it('reads data lines that have no event line before them', () => {
    const bare = STREAM.replace(/event: .*\n/g, '');
    expect(read('text/event-stream', [Buffer.from(bare)])).toEqual(EXPECTED);
  });

  it('is never upset by bytes, and a line without end takes no memory', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 })),
        (chunks) => void read('text/event-stream', chunks),
      ),
    );
    const long = Buffer.alloc(64 * 1024, 0x64);
    const chunks = [...Array.from({ length: 40 }, () => long), Buffer.from(`\n\n${STREAM}`)];
    expect(read('text/event-stream', chunks)).toEqual(EXPECTED);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('reads %s, also when cut anywhere', (encoding, compress) => {
    const bytes = compress(Buffer.from(STREAM));
    expect(read('text/event-stream', cut(bytes, [3, 50, 99]), encoding)).toEqual(EXPECTED);
    expect(read('text/event-stream', [bytes.subarray(0, 40)], encoding)?.ended).toBe(false);
  });

  it('leaves alone what it cannot read', () => {
    expect(createUsageTap('text/event-stream', 'zstd')).toBeNull();
    expect(createUsageTap('application/octet-stream', undefined)).toBeNull();
    expect(createUsageTap(undefined, undefined)).toBeNull();
  });
});

describe('plain tap', () => {
  const answer = {
    type: 'message',
    model: 'claude-opus-5-5',
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 4, speed: 'fast' },
  };

  it('reads usage', () => {
    expect(read('application/json', cut(Buffer.from(JSON.stringify(answer)), [5, 30]))).toMatchObject({
      usage: { inputTokens: 3, outputTokens: 4, cacheReadTokens: null, speed: 'fast', partial: false },
      servedModel: 'claude-opus-5-5',
      ended: true,
    });
  });

  it('reads errors, and takes odd values as unknown', () => {
    const error = {
      type: 'error',
      error: { type: 'not_found_error', message: 'm' },
      usage: { input_tokens: 'many' },
    };
    expect(read('application/json', [Buffer.from(JSON.stringify(error))])).toMatchObject({
      errorType: 'not_found_error',
      usage: { inputTokens: null },
    });
  });

  it('is never upset by bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void read('application/json', [bytes])));
  });

  it('attack: a small answer that unfolds into gigabytes is not unfolded', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(read('application/json', [bomb], 'gzip')?.usage).toBeNull();
  });
});
