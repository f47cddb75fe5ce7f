import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { BindingRow } from '../store-ports.ts';
import { MAX_BINDINGS } from './session-bindings.ts';
import { standingOf } from './standing.ts';
import { account, HOUR, setUpBalancer as setUp } from './testing.ts';

describe('strategy session', () => {
  test('a new session gets the first by priority, the others follow', () => {
    const { order, ask } = setUp([account('a', 0), account('b', 1), account('c', 2)]);
    expect(order(ask('s'))).toEqual(['a', 'b', 'c']);
  });

  test('a session stays with the account that served it, per model', () => {
    const { order, ask, balancer } = setUp([account('a', 0), account('b', 1)]);
    balancer.served(ask('s'), 'b');
    expect(order(ask('s'))).toEqual(['b', 'a']);
    expect(order(ask('s', 'claude-haiku-5-5'))).toEqual(['a', 'b']);
    expect(balancer.choose(ask('s')).accounts[0]?.reasonCode).toBe('bound');
  });

  test('it moves only when its account cannot serve, and then stays where it went', () => {
    const { order, ask, balancer, rest, rests } = setUp([account('a', 0), account('b', 0)]);
    balancer.served(ask('s'), 'a');
    rest('a');
    expect(balancer.choose(ask('s')).accounts[0]).toMatchObject({
      reasonCode: 'moved',
      reason: expect.stringMatching(
        /^"a", the account of this session, cannot serve now: .+\. In its place: [a-z]/,
      ),
    });
    balancer.served(ask('s'), 'b');
    rests.clear();
    expect(order(ask('s'))).toEqual(['b', 'a']);
  });

  test('new sessions stay with the serving account of the same priority, and return to a better one', () => {
    const { order, ask, balancer, rest, rests } = setUp([account('a', 0), account('b', 0), account('c', 1)]);
    balancer.served(ask('s1'), 'b');
    expect(order(ask('s2'))).toEqual(['b', 'a', 'c']);
    rest('a');
    rest('b');
    expect(order(ask('s2'))).toEqual(['c']);
    balancer.served(ask('s2'), 'c');
    rests.clear();
    expect(order(ask('s3'))).toEqual(['a', 'b', 'c']);
  });

  test('a request, a session or a model that the user sends elsewhere draws no new sessions there', () => {
    const haiku = 'claude-haiku-5-5';
    const settings = { modelRoutes: [{ model: 'claude-haiku-*', accountId: 'b' }] };
    const { order, ask, balancer, pins } = setUp([account('a'), account('b')], { settings });
    balancer.served(ask('s1'), 'a');
    balancer.served(ask('s1', haiku), 'b');
    expect(order(ask('s2'))).toEqual(['a', 'b']);
    balancer.served({ ...ask('s3'), pin: 'b' }, 'b');
    expect(order(ask('s4'))).toEqual(['a', 'b']);
    pins.set('s5', 'b');
    balancer.served(ask('s5'), 'b');
    expect(order(ask('s6'))).toEqual(['a', 'b']);
  });

  test('a probe binds nothing', () => {
    const { order, ask, balancer } = setUp([account('a', 0), account('b', 1)]);
    balancer.served({ ...ask('s'), bind: false }, 'b');
    expect(order(ask('s'))).toEqual(['a', 'b']);
  });
});

describe('accounts that stand aside', () => {
  test('each with its reason and time', () => {
    const { ask, balancer, problems, rest, helpless } = setUp([
      account('paused', 0, true),
      account('refused'),
      account('spent'),
      account('broke'),
      account('fine'),
    ]);
    problems.set('refused', 'The provider refused its key.');
    rest('spent', '*', 12345);
    rest('broke', '*', 12345);
    helpless.add('broke');
    const plan = balancer.choose(ask('s'));
    expect(plan.accounts.map((p) => p.account.id)).toEqual(['fine']);
    expect(plan.skipped.map((s) => [s.account.id, s.reasonCode, s.until])).toEqual([
      ['paused', 'paused', null],
      ['refused', 'sign_in_needed', null],
      ['spent', 'quota_rejected', 12345],
      ['broke', 'quota_rejected', null],
    ]);
  });

  test('one that lately lacked the model is asked when nobody else is left', () => {
    const { order, ask, rest } = setUp([account('a'), account('b')]);
    rest('a', 'model:claude-opus-5-5');
    expect(order(ask('s'))).toEqual(['b']);
    rest('b');
    expect(order(ask('s'))).toEqual(['a']);
  });

  test('standing: one word and reason per state', () => {
    const { pool, limits, clock, rest, helpless, busy, problems } = setUp([
      account('a'),
      account('p', 0, true),
    ]);
    const stand = (id: string) => {
      const found = pool.get(id);
      if (found === undefined) throw new Error('unknown');
      return standingOf(found, { pool, limits }, 'a', clock.now());
    };
    expect(stand('p').state).toBe('paused');
    expect(stand('a').state).toBe('ready');
    busy.add('a');
    expect(stand('a').state).toBe('serving');
    rest('a', '7d_opus');
    expect(stand('a')).toMatchObject({
      state: 'serving',
      reason: 'Serving requests now, but not for: Opus week.',
    });
    rest('a', '*', 99);
    expect(stand('a')).toEqual({ state: 'spent', reason: '5-hour window spent.', until: 99 });
    helpless.add('a');
    expect(stand('a').state).toBe('attention');
    problems.set('a', 'Sign in again.');
    expect(stand('a').state).toBe('sign-in-needed');
  });
});

describe('bindings', () => {
  test('are read at start, and the newest tells the active account', () => {
    const now = createFakeClock().now();
    const row = (sessionId: string, accountId: string, at: number): BindingRow => ({
      sessionId,
      model: 'claude-opus-5-5',
      accountId,
      boundAt: at,
      lastUsedAt: at,
    });
    const { order, ask, balancer } = setUp([account('a'), account('b')], {
      rows: [row('s1', 'b', now - 10), row('s0', 'a', now - 20), row('old', 'a', now - 6 * HOUR)],
    });
    expect(order(ask('s0'))[0]).toBe('a');
    expect(order(ask('new'))[0]).toBe('b');
    expect(balancer.boundSessions('a')).toBe(1);
  });

  test('are written together', () => {
    const { ask, balancer, clock, puts } = setUp([account('a')]);
    for (let i = 0; i < 50; i += 1) balancer.served(ask(`s${i % 10}`), 'a');
    expect(puts).toEqual([]);
    clock.advance(2000);
    expect(puts.map((batch) => batch.length)).toEqual([10]);
    balancer.served(ask('late'), 'a');
    balancer.flush();
    expect(puts).toHaveLength(2);
  });

  test('end when unused for the session duration', () => {
    const { order, ask, balancer, clock } = setUp([account('a', 0), account('b', 1)]);
    balancer.served(ask('s'), 'b');
    clock.advance(DEFAULT_SETTINGS.sessionDurationMs + 1);
    expect(order(ask('s'))[0]).toBe('a');
    expect(balancer.boundSessions('b')).toBe(0);
  });

  test('live as long after a jump of the clock, in either direction', () => {
    for (const jump of [6 * HOUR, -6 * HOUR]) {
      const { order, ask, balancer, clock } = setUp([account('a', 0), account('b', 1)]);
      balancer.served(ask('s'), 'b');
      clock.setWall(clock.now() + jump);
      expect(order(ask('s'))[0]).toBe('b');
      expect(balancer.boundSessions('b')).toBe(1);
      clock.advance(DEFAULT_SETTINGS.sessionDurationMs + 1);
      expect(order(ask('s'))[0]).toBe('a');
      expect(balancer.boundSessions('b')).toBe(0);
    }
  });

  test('of an earlier run are as old as their time says, and not from the future', () => {
    const now = createFakeClock().now();
    const row = (sessionId: string, at: number): BindingRow => ({
      ...{ sessionId, model: 'claude-opus-5-5', accountId: 'b', boundAt: at, lastUsedAt: at },
    });
    const rows = [row('old', now - 4 * HOUR), row('ahead', now + 20 * HOUR)];
    const { order, ask, clock } = setUp([account('a', 0), account('b', 1)], { rows });
    clock.setWall(now + 12 * HOUR);
    clock.advance(2 * HOUR);
    expect([order(ask('old'))[0], order(ask('ahead'))[0]]).toEqual(['a', 'b']);
    clock.advance(3 * HOUR + 1);
    expect(order(ask('ahead'))[0]).toBe('a');
  });

  test('attack: endless session names do not grow memory, the longest unused go first', () => {
    const { order, ask, balancer } = setUp([account('a', 0), account('b', 1)]);
    for (let i = 0; i < MAX_BINDINGS + 5; i += 1) balancer.served(ask(`s${i}`), 'b');
    expect(balancer.boundSessions('b')).toBe(MAX_BINDINGS);
    expect(order(ask('s4'))[0]).toBe('a');
    expect(order(ask('s5'))[0]).toBe('b');
    balancer.served(ask('x'.repeat(10_000)), 'b');
    expect(balancer.boundSessions('b')).toBe(MAX_BINDINGS);
  });

  test('go with the account', () => {
    const { order, ask, balancer } = setUp([account('a', 0), account('b', 1)]);
    balancer.served(ask('s'), 'b');
    balancer.forget('b');
    expect(order(ask('s'))[0]).toBe('a');
    expect(balancer.boundSessions('b')).toBe(0);
  });
});
