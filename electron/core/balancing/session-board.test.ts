import { describe, expect, test } from 'vitest';
import type { RequestRecord, Usage } from '../../../shared/request-record.ts';
import { sampleRecord } from '../recording/testing/sample-record.ts';
import { createSessionBoard } from './session-board.ts';
import { account } from './testing.ts';
import { warmTokens } from './warm-cache.ts';

const MINUTE = 60_000;
const T0 = 1_800_000_000_000;
const [a, b] = [account('a'), account('b')];

const cached = (read: number, write: number, more: Partial<Usage> = {}): Usage => ({
  inputTokens: 10,
  outputTokens: 10,
  cacheReadTokens: read,
  cacheWriteTokens: write,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  thinkingTokens: null,
  webSearches: null,
  serviceTier: null,
  speed: null,
  inferenceGeo: null,
  partial: false,
  ...more,
});

function setUp(bindings: { sessionId: string; model: string; accountId: string; lastUsedAt: number }[] = []) {
  const pins = new Map<string, string>();
  const board = createSessionBoard({
    bindings: () => bindings,
    accounts: { get: (id) => [a, b].find((one) => one.id === id) },
    pins: { pinnedTo: (id) => pins.get(id) ?? null, sessions: () => pins.keys() },
    // A cache write costs 5 per token, one for an hour 8, a read 1.
    price: (model, usage) =>
      model === 'unknown'
        ? null
        : (usage.cacheWriteTokens ?? 0) * 5 +
          (usage.cacheWrite1hTokens ?? 0) * 3 +
          (usage.cacheReadTokens ?? 0),
    settings: () => ({ accountBoundModels: ['claude-sonnet-5-5*'] }),
  });
  const serve = (session: string, model: string, at: number, more: Partial<RequestRecord>): void => {
    board.started(session, at, null);
    board.ended(
      sampleRecord({ sessionId: session, model, startedAt: at, durationMs: 1000, status: 200, ...more }),
    );
  };
  return { board, pins, serve };
}

describe('a move', () => {
  test('costs what was warm on the old account, at the price of writing it again', () => {
    const { board, serve } = setUp();
    serve('s', 'm', T0, { accountId: 'a', accountName: 'a', usage: cached(30_000, 5000) });
    const move = board.moved('s', 'm', b, 'because', T0 + MINUTE);
    expect(move).toMatchObject({
      fromAccountId: 'a',
      toAccountId: 'b',
      reason: 'because',
      cacheTokens: 35_000,
      costNanoUsd: 35_000 * 4,
      accountBound: false,
    });
  });

  test('of a session that writes for an hour costs what that costs', () => {
    const { board, serve } = setUp();
    const usage = cached(1000, 100, { cacheWrite1hTokens: 75, cacheWrite5mTokens: 25 });
    serve('s', 'm', T0, { accountId: 'a', usage });
    expect(board.moved('s', 'm', b, 'x', T0 + MINUTE)).toMatchObject({
      cacheTokens: 1100,
      costNanoUsd: 1100 * 5 + 825 * 3 - 1100,
    });
  });

  test('back to an account that still knows the prompt costs only what is new', () => {
    const { board, serve } = setUp();
    serve('s', 'm', T0, { accountId: 'a', usage: cached(1000, 0) });
    board.moved('s', 'm', b, 'out', T0 + MINUTE);
    serve('s', 'm', T0 + MINUTE, { accountId: 'b', usage: cached(0, 1200) });
    expect(board.moved('s', 'm', a, 'back', T0 + 2 * MINUTE)?.cacheTokens).toBe(200);
  });

  test('is counted once, however many requests of the session make it', () => {
    const { board, serve } = setUp();
    serve('s', 'm', T0, { accountId: 'a', usage: cached(100, 0) });
    expect(board.moved('s', 'm', b, 'because', T0 + MINUTE)).not.toBeNull();
    expect(board.moved('s', 'm', b, 'because', T0 + MINUTE)).toBeNull();
    expect(board.live()[0]?.moves).toHaveLength(1);
  });

  test('is none for the first request, for another model, or back where it was served last', () => {
    const { board, serve } = setUp();
    expect(board.moved('s', 'm', a, 'first', T0)).toBeNull();
    serve('s', 'm', T0, { accountId: 'a', usage: cached(100, 0) });
    expect(board.moved('s', 'other', b, 'new model', T0)).toBeNull();
    expect(board.moved('s', 'm', a, 'same', T0)).toBeNull();
  });

  test('of a model with account-bound thinking is marked, and an unknown price stays unknown', () => {
    const { board, serve } = setUp();
    serve('s', 'claude-sonnet-5-5-20260928', T0, { accountId: 'a', usage: cached(1, 0) });
    serve('s', 'unknown', T0, { accountId: 'a', usage: cached(1, 0) });
    expect(board.moved('s', 'claude-sonnet-5-5-20260928', b, 'x', T0)?.accountBound).toBe(true);
    expect(board.moved('s', 'unknown', b, 'x', T0)?.costNanoUsd).toBeNull();
  });

  test('a request of the old account that ends late does not move the session back', () => {
    const { board, serve } = setUp();
    serve('s', 'm', T0, { accountId: 'a', usage: cached(100, 0) });
    board.moved('s', 'm', b, 'x', T0 + MINUTE);
    serve('s', 'm', T0 + 1, { accountId: 'a', usage: cached(100, 0) });
    expect(board.moved('s', 'm', b, 'again', T0 + 2 * MINUTE)).toBeNull();
  });

  test.each([
    ['right after', 0, cached(100, 50), 150],
    ['within five minutes', 5 * MINUTE, cached(100, 50), 150],
    [
      'half an hour later, written for an hour',
      30 * MINUTE,
      cached(100, 50, { cacheWrite1hTokens: 50 }),
      150,
    ],
    [
      'half an hour later, written for five minutes',
      30 * MINUTE,
      cached(100, 50, { cacheWrite5mTokens: 50 }),
      0,
    ],
    ['after more than an hour', 61 * MINUTE, cached(100, 50, { cacheWrite1hTokens: 50 }), 0],
    ['without usage', 0, null, null],
    ['without usage, after more than an hour', 61 * MINUTE, null, 0],
  ])('%s finds so much of the cache warm', (_, age, usage, tokens) => {
    expect(warmTokens(usage, T0, T0 + age)).toBe(tokens);
  });
});

describe('a move of a session that was bound in an earlier run', () => {
  const SONNET = 'claude-sonnet-5-5';
  const bound = (model: string, age: number) => ({
    ...{ sessionId: 's', model, accountId: 'a', lastUsedAt: T0 - age },
  });

  test('is told and marked, and its cache is unknown, not cold', () => {
    const { board } = setUp([bound('', MINUTE), bound('other', MINUTE), bound(SONNET, MINUTE)]);
    board.started('s', T0, null);
    expect(board.moved('s', SONNET, b, 'because', T0)).toMatchObject({
      ...{ fromAccountId: 'a', fromAccountName: 'a', toAccountId: 'b', reason: 'because' },
      ...{ cacheTokens: null, costNanoUsd: null, accountBound: true },
    });
    expect(board.moved('s', SONNET, b, 'because', T0)).toBeNull();
    expect(board.moved('s', 'other', a, 'stays', T0)).toBeNull();
    expect(board.moved('s', 'new', b, 'first', T0)).toBeNull();
    // Where the user sent it is not where it was served.
    expect(board.moved('s', null, b, 'first', T0)).toBeNull();
    expect(board.live()[0]?.moves).toHaveLength(1);
  });

  test('lost nothing when it is so long ago that its cache is cold for sure', () => {
    const { board } = setUp([bound(SONNET, 61 * MINUTE)]);
    board.started('s', T0, null);
    expect(board.moved('s', SONNET, b, 'x', T0)).toMatchObject({ cacheTokens: 0, costNanoUsd: 0 });
  });

  test('is priced again as soon as an answer told what is cached', () => {
    const { board, serve } = setUp([bound(SONNET, MINUTE)]);
    serve('s', SONNET, T0, { accountId: 'a', usage: cached(100, 0) });
    expect(board.moved('s', SONNET, b, 'x', T0 + MINUTE)?.cacheTokens).toBe(100);
  });

  test('is none when the board has forgotten the session since', () => {
    const { board, serve } = setUp([bound(SONNET, MINUTE)]);
    serve('s', SONNET, T0, { accountId: 'b', usage: cached(100, 0) });
    for (let n = 0; n < 400; n += 1) serve(`s${n}`, 'm', T0 + n, { accountId: 'a' });
    board.started('s', T0 + MINUTE, null);
    expect(board.moved('s', SONNET, b, 'x', T0 + MINUTE)).toBeNull();
  });
});

describe('the board', () => {
  test('shows running, bound and pinned sessions, the newest first', () => {
    const { board, pins } = setUp([
      { sessionId: 'bound', model: 'm', accountId: 'a', lastUsedAt: T0 - MINUTE },
    ]);
    pins.set('bound', 'a');
    board.started('running', T0, 'my-project');
    expect(board.live()).toMatchObject([
      { sessionId: 'running', inFlight: 1, project: 'my-project', pinnedTo: null },
      { sessionId: 'bound', inFlight: 0, bindings: [{ model: 'm', accountId: 'a' }], pinnedTo: 'a' },
    ]);
  });

  test('a pinned session that nothing else is known of is listed, or nobody could release it', () => {
    const { board, pins, serve } = setUp();
    pins.set('forgotten', 'a');
    for (let n = 0; n < 400; n += 1) serve(`s${n}`, 'm', T0 + n, { accountId: 'a' });
    expect(board.live()[0]).toMatchObject({ sessionId: 'forgotten', pinnedTo: 'a', bindings: [] });
    expect(board.live()).toHaveLength(300);
  });

  test('attack: endless session names do not grow it', () => {
    const { board, serve } = setUp();
    for (let n = 0; n < 1000; n += 1) serve(`s${n}`, `m${n}`, T0 + n, { accountId: 'a' });
    expect(board.live()).toHaveLength(300);
    expect(board.live()[0]?.sessionId).toBe('s999');
    for (let n = 0; n < 1000; n += 1) serve('one', `m${n}`, T0 + n, { accountId: 'a' });
    expect(board.live()).toHaveLength(300);
  });
});
