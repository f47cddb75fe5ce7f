import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRATEGIES } from '../../../shared/settings.ts';
import { modelFits } from './model-pattern.ts';
import { account, HOUR, setUpBalancer, windowReading } from './testing.ts';

const two = () => [account('a'), account('b')];
const week = (used: number, endsAt: number) => windowReading('7d', used, endsAt);

describe.each(STRATEGIES)('strategy %s', (strategy) => {
  test('keeps a bound session where it is while its account can serve', () => {
    const { place, order, ask, balancer } = setUpBalancer(two(), { settings: { strategy } });
    balancer.served(ask('s'), 'b');
    for (let n = 0; n < 5; n += 1) place(`other${n}`);
    expect(order(ask('s'))[0]).toBe('b');
  });

  test('puts a better priority before everything else', () => {
    const { place, readings, clock } = setUpBalancer([account('a', 0), account('b', 1)], {
      settings: { strategy },
    });
    readings.set('a', [week(0.9, clock.now() + 100 * HOUR)]);
    readings.set('b', [week(0.1, clock.now() + HOUR)]);
    expect([place('s1'), place('s2'), place('s3')]).toEqual(['a', 'a', 'a']);
  });

  test('plans every account that can serve exactly once, whatever the state', () => {
    const state = fc.record({
      priority: fc.integer({ min: 0, max: 2 }),
      paused: fc.boolean(),
      used: fc.option(fc.double({ min: 0, max: 1.2, noNaN: true })),
      endsIn: fc.option(fc.integer({ min: -5, max: 168 })),
      resting: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(state, { maxLength: 8 }), fc.boolean(), (states, drainExpiring) => {
        const accounts = states.map(({ priority, paused }, n) => account(`a${n}`, priority, paused));
        accounts.sort((x, y) => x.priority - y.priority);
        const { balancer, ask, rest, readings, clock } = setUpBalancer(accounts, {
          settings: { strategy, drainExpiring },
        });
        states.forEach(({ used, endsIn, resting }, n) => {
          readings.set(`a${n}`, [
            windowReading('7d', used, endsIn === null ? null : clock.now() + endsIn * HOUR),
          ]);
          if (resting) rest(`a${n}`);
        });
        const { accounts: planned, skipped } = balancer.choose(ask('s'));
        const able = states.flatMap((one, n) => (one.paused || one.resting ? [] : [`a${n}`]));
        expect(planned.map((one) => one.account.id).sort()).toEqual(able.sort());
        expect(planned.length + skipped.length).toBe(accounts.length);
        for (const { reason } of [...planned, ...skipped]) expect(reason).not.toBe('');
      }),
      { numRuns: 60 },
    );
  });
});

describe('where new sessions go', () => {
  test('session: all to the one that serves', () => {
    const { place } = setUpBalancer([account('a'), account('b'), account('c')]);
    expect([place('1'), place('2'), place('3')]).toEqual(['a', 'a', 'a']);
  });

  test('session: at its limit on to the one with the most left, or it would soon be the next to stop', () => {
    const { place, rest, readings, clock } = setUpBalancer([account('a'), account('b'), account('c')]);
    readings.set('b', [week(0.97, clock.now() + HOUR)]);
    readings.set('c', [week(0.2, clock.now() + HOUR)]);
    expect(place('1')).toBe('a');
    rest('a');
    expect([place('1'), place('2')]).toEqual(['c', 'c']);
  });

  test.each([
    ['session', ['d', 'c', 'a', 'b']],
    ['least-used', ['d', 'c', 'a', 'b']],
    ['drain-soonest', ['d', 'b', 'a', 'c']],
    ['priority', ['d', 'a', 'b', 'c']],
  ] as const)('%s: a session whose account refuses finds the others in the same order', (strategy, order) => {
    const four = ['a', 'b', 'c', 'd'].map((id) => account(id));
    const {
      balancer,
      ask,
      order: orderOf,
      readings,
      clock,
    } = setUpBalancer(four, { settings: { strategy } });
    const weeks = { a: [0.5, 20], b: [0.9, 10], c: [0.2, 30], d: [0.6, 5] } as const;
    for (const [id, [used, ends]] of Object.entries(weeks)) {
      readings.set(id, [week(used, clock.now() + ends * HOUR)]);
    }
    balancer.served(ask('s'), 'd');
    expect(orderOf(ask('s'))).toEqual(order);
  });

  test('priority: back to the first as soon as it can serve', () => {
    const { place, rest, rests } = setUpBalancer(two(), { settings: { strategy: 'priority' } });
    rest('a');
    expect(place('1')).toBe('b');
    rests.clear();
    expect(place('2')).toBe('a');
  });

  test('drain-soonest: to the week that ends first, of the model that is asked for', () => {
    const { order, ask, readings, clock } = setUpBalancer(two(), { settings: { strategy: 'drain-soonest' } });
    const now = clock.now();
    readings.set('a', [week(0.2, now + 50 * HOUR), windowReading('7d_opus', 0.1, now + 10 * HOUR)]);
    readings.set('b', [week(0.2, now + 20 * HOUR)]);
    expect(order(ask('s', 'claude-opus-5-5'))[0]).toBe('a');
    expect(order(ask('s', 'claude-haiku-5-5'))[0]).toBe('b');
  });

  test('drain-soonest: a week that is over says nothing any more', () => {
    const { order, ask, readings, clock } = setUpBalancer(two(), { settings: { strategy: 'drain-soonest' } });
    readings.set('a', [week(0.2, clock.now() + HOUR)]);
    readings.set('b', [week(0.2, clock.now() + 2 * HOUR)]);
    expect(order(ask('s'))[0]).toBe('a');
    clock.advance(HOUR + 1);
    expect(order(ask('t'))[0]).toBe('b');
  });

  test('least-used: to the emptiest, and a burst of sessions spreads', () => {
    const { place, readings, clock } = setUpBalancer(two(), { settings: { strategy: 'least-used' } });
    readings.set('a', [windowReading('5h', 0.5, clock.now() + HOUR)]);
    readings.set('b', [windowReading('5h', 0.485, clock.now() + HOUR)]);
    expect([place('1'), place('2'), place('3')]).toEqual(['b', 'b', 'a']);
  });

  test('round-robin: in turn', () => {
    const { place } = setUpBalancer([account('a'), account('b'), account('c')], {
      settings: { strategy: 'round-robin' },
    });
    expect([place('1'), place('2'), place('3'), place('4')]).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('the share at which accounts are left', () => {
  const near = (n: number, endsIn: number, now: number) => [
    windowReading('5h', n, now + HOUR),
    week(0.3, now + endsIn * HOUR),
  ];

  test('new sessions go elsewhere, bound ones stay until the wall', () => {
    const { order, ask, balancer, readings, clock } = setUpBalancer(two(), {
      settings: { drainExpiring: false },
    });
    balancer.served(ask('old'), 'a');
    readings.set('a', near(0.985, 100, clock.now()));
    expect(order(ask('new'))).toEqual(['b', 'a']);
    expect(order(ask('old'))[0]).toBe('a');
  });

  test('is not kept where the week that ends first is to be used up', () => {
    const { order, ask, balancer, readings, clock, set } = setUpBalancer(two());
    balancer.served(ask('old'), 'a');
    readings.set('a', near(0.985, 10, clock.now()));
    readings.set('b', near(0.1, 100, clock.now()));
    expect(order(ask('new'))[0]).toBe('a');
    set({ drainExpiring: false });
    expect(order(ask('new'))[0]).toBe('b');
  });

  test('is not reached by a week that counts other models, known or not', () => {
    const { order, ask, readings, clock } = setUpBalancer(two(), { settings: { drainExpiring: false } });
    readings.set('a', [windowReading('7d_haiku', 1, clock.now() + HOUR), week(0.3, clock.now() + 9 * HOUR)]);
    readings.set('b', [week(0.5, clock.now() + 9 * HOUR)]);
    expect(order(ask('s', 'claude-opus-5-5'))[0]).toBe('a');
    expect(order(ask('s', 'claude-haiku-5-5'))[0]).toBe('b');
  });

  test('counts for nothing when all are near their wall: work goes on', () => {
    const { order, ask, readings, clock } = setUpBalancer(two(), { settings: { drainExpiring: false } });
    readings.set('a', near(0.99, 10, clock.now()));
    readings.set('b', near(0.99, 100, clock.now()));
    expect(order(ask('new'))).toEqual(['a', 'b']);
  });
});

describe('what the user wants', () => {
  test('everything on one account while it can serve', () => {
    const { order, ask, rest } = setUpBalancer(two(), { settings: { pinnedAccountId: 'b' } });
    expect(order(ask('s'))).toEqual(['b', 'a']);
    rest('b');
    expect(order(ask('s'))).toEqual(['a']);
  });

  test('a model on an account, before the session it is in', () => {
    const routes = [{ model: 'claude-opus-*', accountId: 'b' }];
    const { order, ask, balancer } = setUpBalancer(two(), { settings: { modelRoutes: routes } });
    balancer.served(ask('s'), 'a');
    expect(order(ask('s', 'claude-opus-5-5'))[0]).toBe('b');
    expect(order(ask('s', 'claude-haiku-5-5'))[0]).toBe('a');
  });

  test('a session on an account, whatever happens', () => {
    const { balancer, ask, pins, rest } = setUpBalancer(two());
    pins.set('s', 'b');
    expect(balancer.choose(ask('s')).accounts).toMatchObject([
      { account: { id: 'b' }, reasonCode: 'pinned_session' },
    ]);
    rest('b');
    const plan = balancer.choose(ask('s'));
    expect(plan.accounts).toEqual([]);
    expect(plan.skipped.map((one) => [one.account.id, one.reasonCode])).toEqual([
      ['b', 'quota_rejected'],
      ['a', 'pinned_elsewhere'],
    ]);
  });

  test('one request on an account, by name or id; an unknown name goes nowhere', () => {
    const { order, ask } = setUpBalancer(two());
    expect(order({ ...ask('s'), pin: ' B ' })).toEqual(['b']);
    expect(order({ ...ask('s'), pin: 'nobody' })).toEqual([]);
  });

  test('an account set aside serves only as the fallback, and only with consent', () => {
    const { balancer, order, ask, set, rest, rests } = setUpBalancer(two(), {
      settings: { exhaustion: 'fallback', fallbackAccountId: 'b', fallbackConsent: true },
    });
    expect(order(ask('s'))).toEqual(['a']);
    expect(balancer.fallback(ask('s'))).toMatchObject({ account: { id: 'b' }, reasonCode: 'paid_fallback' });
    rest('b');
    expect(balancer.fallback(ask('s'))).toBeNull();
    rests.clear();
    set({ fallbackConsent: false });
    expect(order(ask('s'))).toEqual(['a', 'b']);
    expect(balancer.fallback(ask('s'))).toBeNull();
  });

  test('none is set aside where nothing falls back to it', () => {
    const { order, ask } = setUpBalancer(two(), {
      settings: { exhaustion: 'hold', fallbackAccountId: 'b', fallbackConsent: true },
    });
    expect(order(ask('s'))).toEqual(['a', 'b']);
  });

  test('a session moved by hand goes there with all its models, and a released one is new again', () => {
    const { balancer, order, ask } = setUpBalancer(two());
    balancer.served(ask('s'), 'a');
    balancer.move('s', 'b');
    expect(order(ask('s'))[0]).toBe('b');
    expect(order(ask('s', 'claude-haiku-5-5'))[0]).toBe('b');
    balancer.release('s');
    expect(balancer.choose(ask('s')).accounts[0]?.reasonCode).not.toBe('bound');
    expect([...balancer.bindings()]).toEqual([]);
  });
});

test('a pattern fits the whole name, stars stand for anything, and nothing else is special', () => {
  expect(modelFits('claude-opus-*', 'Claude-Opus-5-5')).toBe(true);
  expect(modelFits('*haiku*', 'claude-haiku-5-5')).toBe(true);
  expect(modelFits('opus', 'claude-opus-5-5')).toBe(false);
  expect(modelFits('a.c', 'abc')).toBe(false);
  fc.assert(
    fc.property(fc.string(), (name) => modelFits(name.replaceAll('*', 'x'), name.replaceAll('*', 'x'))),
  );
});
