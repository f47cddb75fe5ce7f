import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestRecordSchema } from '../../../shared/request-record.ts';
import type { OldRequest } from './request-pages.ts';
import { toRecord } from './request-record.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const EMPTY: OldRequest = {
  id: 'r-1',
  timestamp: NOON,
  method: null,
  path: null,
  account_used: null,
  status_code: null,
  success: null,
  response_time_ms: null,
  failover_attempts: null,
  model: null,
  original_model: null,
  applied_model: null,
  prompt_tokens: null,
  completion_tokens: null,
  input_tokens: null,
  output_tokens: null,
  cache_read_input_tokens: null,
  cache_creation_input_tokens: null,
  cost_usd: null,
  agent_used: null,
  client_session_id: null,
  project: null,
  api_key_name: null,
  billing_type: null,
  stream_terminal_state: null,
};
const record = (change: Partial<OldRequest>) => toRecord({ ...EMPTY, ...change }, () => undefined);

describe('an old request', () => {
  it('started as long before its end as it took, where that can be', () => {
    expect(record({ response_time_ms: 1500.5 })?.startedAt).toBe(NOON - 1500);
    expect(record({ response_time_ms: 1e12 })).toMatchObject({ startedAt: NOON, durationMs: 0 });
    expect(record({ response_time_ms: -5 })).toMatchObject({ startedAt: NOON, durationMs: 0 });
    expect(record({ timestamp: NOON / 1000 })?.startedAt).toBe(NOON);
  });

  it('keeps what it cost, also in rows that know only sums of tokens', () => {
    expect(record({ cost_usd: 0.123456789, prompt_tokens: 100, completion_tokens: 5 })).toMatchObject({
      costNanoUsd: 123_456_789,
      usage: { inputTokens: 100, outputTokens: 5, cacheReadTokens: null },
    });
    const parts = { prompt_tokens: 100, cache_read_input_tokens: 60, cache_creation_input_tokens: 30 };
    expect(record(parts)?.usage).toMatchObject({
      inputTokens: 10,
      cacheReadTokens: 60,
      cacheWriteTokens: 30,
    });
    expect(record({ input_tokens: 0, output_tokens: 0 })?.usage).toBe(null);
  });

  it.each([
    [
      { status_code: 200, success: 1 },
      { status: 200, terminal: 'complete', errorCode: null },
    ],
    [{ success: 1 }, { status: 200, terminal: 'complete', errorCode: null }],
    [{ success: 0 }, { status: null, terminal: 'failed', errorCode: 'imported_failure' }],
    [
      { status_code: 429, success: 0 },
      { status: 429, terminal: 'complete', errorCode: 'imported_failure' },
    ],
    [
      { status_code: 200, success: 0 },
      { terminal: 'truncated', errorCode: 'imported_failure' },
    ],
    [
      { status_code: 200, success: 1, stream_terminal_state: 'client_disconnected' },
      { terminal: 'client-closed' },
    ],
    [{ status_code: 200, success: 1, stream_terminal_state: 'truncated' }, { terminal: 'truncated' }],
    [{ status_code: 9999 }, { status: null, terminal: 'failed' }],
  ])('ended as far as %j tells', (change, expected) => {
    expect(record(change)).toMatchObject(expected);
  });

  it('loses query, fragment and everything that looks like a secret', () => {
    const path = '/v1/messages?key=sk-ant-api03-AAAAAAAAAAAAAAAA#x';
    expect(record({ path })?.path).toBe('/v1/messages');
    const secret = {
      agent_used: 'Bearer sk-ant-oat01-BBBBBBBBBBBBBBBB',
      model: 'sk-ant-api03-AAAAAAAAAAAAAAAA',
    };
    expect(JSON.stringify(record({ ...secret, path: '/k/sk-ant-api03-AAAAAAAAAAAAAAAA' }))).not.toMatch(
      /AAAA|BBBB/,
    );
  });

  it('is left out without an id that can be asked for, or a time', () => {
    for (const id of [null, '', ' ', 7, Buffer.from('x'), 'x'.repeat(65)]) expect(record({ id })).toBe(null);
    for (const timestamp of [null, 0, -1, 1e18, 'noon', NaN]) expect(record({ timestamp })).toBe(null);
  });

  it('becomes a sound record whatever the cells hold', () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.double(),
      fc.integer(),
      fc.constant(Buffer.from('blob')),
    );
    const cells = Object.fromEntries(Object.keys(EMPTY).map((column) => [column, cell]));
    fc.assert(
      fc.property(fc.record(cells), (row) => {
        const made = toRecord({ ...EMPTY, ...row }, () => undefined);
        if (made !== null) requestRecordSchema.parse(made);
        const timed = toRecord({ ...EMPTY, ...row, id: 'r', timestamp: NOON }, () => undefined);
        expect(requestRecordSchema.safeParse(timed).success).toBe(true);
        expect(Number.isSafeInteger(timed?.startedAt)).toBe(true);
      }),
    );
  });
});
