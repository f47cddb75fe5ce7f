import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TapResult } from '../usage-ports.ts';
import { createUsageTap } from './create-usage-tap.ts';

const SSE = 'text/event-stream; charset=utf-8';
const event = (name: string, data: object, newline = '\n'): string =>
  `event: ${name}${newline}data: ${JSON.stringify({ type: name, ...data })}${newline}${newline}`;

const START = {
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
      inference_geo: 'us',
    },
  },
};
const TRICK = {
  index: 0,
  delta: { type: 'text_delta', text: 'grüße 🚀 event: message_delta\ndata: {"usage":{"output_tokens":9}}' },
};
const DELTA = {
  delta: { stop_reason: 'end_turn' },
  usage: {
    input_tokens: null,
    output_tokens: 77,
    output_tokens_details: { thinking_tokens: 5 },
    server_tool_use: { web_search_requests: 2 },
  },
};

function recording(newline = '\n'): string {
  return [
    event('message_start', START, newline),
    event('ping', {}, newline),
    event('content_block_delta', TRICK, newline),
    event('message_delta', { delta: {}, usage: { output_tokens: 40 } }, newline),
    event('something_new', { usage: { output_tokens: 1_000_000 } }, newline),
    event('message_delta', DELTA, newline),
    event('message_stop', {}, newline),
  ].join('');
}

function read(chunks: readonly Uint8Array[], type = SSE, coding?: string): TapResult {
  const tap = createUsageTap(type, coding);
  if (tap === null) throw new Error('no tap');
  for (const chunk of chunks) tap.write(chunk);
  return tap.end();
}

const WHOLE: TapResult = {
  usage: {
    inputTokens: 12,
    outputTokens: 77,
    cacheReadTokens: 4000,
    cacheWriteTokens: 300,
    cacheWrite5mTokens: 100,
    cacheWrite1hTokens: 200,
    thinkingTokens: 5,
    webSearches: 2,
    serviceTier: 'standard',
    speed: null,
    inferenceGeo: 'us',
    partial: false,
  },
  servedModel: 'claude-sonnet-5-5',
  stopReason: 'end_turn',
  errorType: null,
  ended: true,
};

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('a stream', () => {
  test('later counts replace earlier ones, the cache split stays from the start', () => {
    expect(read([Buffer.from(recording())])).toEqual(WHOLE);
  });

  test('reads the same in any chunking, with either line end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 120 }),
        fc.constantFrom('\n', '\r\n'),
        (sizes, newline) => {
          expect(read(cut(Buffer.from(recording(newline)), sizes))).toEqual(WHOLE);
        },
      ),
    );
  });

  test('reads the same byte by byte', () => {
    expect(read([...Buffer.from(recording())].map((byte) => Uint8Array.of(byte)))).toEqual(WHOLE);
  });

  test('cut before the final count: the output is a lower bound', () => {
    const result = read([Buffer.from(event('message_start', START) + event('content_block_delta', TRICK))]);
    expect(result.usage).toMatchObject({ inputTokens: 12, outputTokens: 1, partial: true });
    expect(result.ended).toBe(false);
  });

  test('cut right behind the last byte of a line still counts it', () => {
    const text = event('message_start', START) + event('message_delta', DELTA).trimEnd();
    expect(read([Buffer.from(text)]).usage).toMatchObject({ outputTokens: 77, partial: false });
  });

  test('an error event inside a 200 is told by its type and ends it', () => {
    const error = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    const result = read([Buffer.from(event('message_start', START) + error)]);
    expect(result).toMatchObject({ errorType: 'overloaded_error', ended: true });
  });

  test('data lines without event lines are read when they tell of themselves', () => {
    const text = recording().replaceAll(/^event: .*\n/gm, '');
    expect(read([Buffer.from(text)])).toEqual(WHOLE);
  });

  test('attack: an endless telling line is dropped, and the next event still read', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const chunks = [Buffer.from('event: message_start\ndata: {"type":"'), ...Array<Buffer>(20).fill(chunk)];
    expect(read([...chunks, Buffer.from(`\n\n${recording()}`)])).toEqual(WHOLE);
  });

  test('attack: negative, fractional and absurd counts are no counts', () => {
    const usage = { input_tokens: -5, output_tokens: 1.5, cache_read_input_tokens: 1e300 };
    const result = read([Buffer.from(event('message_start', { message: { usage } }))]);
    expect(result.usage).toMatchObject({ inputTokens: null, outputTokens: null, cacheReadTokens: null });
  });
});

describe('a plain answer', () => {
  const answer = {
    type: 'message',
    model: 'claude-opus-5-5',
    content: [{ type: 'text', text: '{"usage":{"output_tokens":1}}'.repeat(5000) }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 9, service_tier: 'batch' },
  };
  const json = Buffer.from(JSON.stringify(answer));

  test('gives its outermost usage in any chunking', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 20 }), (sizes) => {
        expect(read(cut(json, sizes), 'application/json')).toMatchObject({
          usage: { inputTokens: 3, outputTokens: 9, serviceTier: 'batch', partial: false },
          servedModel: 'claude-opus-5-5',
          stopReason: 'end_turn',
          errorType: null,
          ended: true,
        });
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['gzip', gzipSync(json)],
    ['br', brotliCompressSync(json)],
    ['deflate', deflateSync(json)],
    ['deflate', deflateRawSync(json)],
  ])('is read through %s', (coding, bytes) => {
    expect(read([bytes], 'application/json', coding).usage).toMatchObject({ outputTokens: 9 });
  });

  test('an error body is told by its type', () => {
    const body = Buffer.from('{"type":"error","error":{"type":"not_found_error","message":"x"}}');
    expect(read([body], 'application/json')).toMatchObject({ errorType: 'not_found_error', usage: null });
  });

  test('broken JSON has not ended', () => {
    expect(read([json.subarray(0, 100)], 'application/json')).toMatchObject({ ended: false, usage: null });
    expect(read([Buffer.from('<html>')], 'application/json').ended).toBe(false);
  });
});

test('a compressed stream that was cut gives what it held', () => {
  const bytes = gzipSync(Buffer.from(event('message_start', START).repeat(3)));
  expect(read([bytes.subarray(0, bytes.length - 10)], SSE, 'gzip').servedModel).toBe('claude-sonnet-5-5');
});

test('attack: a decompression bomb is given up, not unpacked', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  expect(read([bomb], 'application/json', 'gzip')).toMatchObject({ usage: null, ended: false });
});

test('nothing to read in other types and codings', () => {
  expect(createUsageTap('text/html', undefined)).toBeNull();
  expect(createUsageTap(undefined, undefined)).toBeNull();
  expect(createUsageTap('application/json', 'zstd')).toBeNull();
});

test('random bytes never throw', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }),
      fc.constantFrom(SSE, 'application/json'),
      fc.constantFrom(undefined, 'gzip', 'br', 'deflate'),
      (chunks, type, coding) => {
        expect(read(chunks, type, coding)).toBeTypeOf('object');
      },
    ),
  );
});
