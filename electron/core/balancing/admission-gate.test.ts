import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { Visit } from '../routing-ports.ts';
import { createAdmissionGate } from './admission-gate.ts';

const OPUS: Visit = { model: 'claude-opus-5-5', inference: true };
const SONNET: Visit = { model: 'claude-sonnet-5-5', inference: true };
const COUNT: Visit = { model: 'claude-opus-5-5', inference: false };

function setUp() {
  const clock = createFakeClock();
  const gate = createAdmissionGate(clock);
  const inside: number[] = [];
  const places = new Map<number, { visit: Visit; place: number }>();
  const placeOf = (n: number) => places.get(n) ?? expect.fail(`${n} is not inside`);
  /** Enters or waits and tries again, as a request does. */
  const come = (n: number, visit: Visit = OPUS): void => {
    const place = gate.tryEnter('a', visit);
    if (place === null) {
      gate.wait('a', visit, () => come(n, visit));
      return;
    }
    inside.push(n);
    places.set(n, { visit, place });
  };
  const crowd = (count: number, visit?: Visit, from = 0): void => {
    for (let n = from; n < from + count; n += 1) come(n, visit);
  };
  const served = (n: number): void => gate.served('a', placeOf(n).visit, placeOf(n).place);
  const left = (n: number): void => gate.left('a', placeOf(n).visit, placeOf(n).place);
  return { clock, gate, inside, come, crowd, served, left };
}

describe('an account nobody holds back', () => {
  test('lets everybody in', () => {
    const { inside, crowd } = setUp();
    crowd(500);
    expect(inside).toHaveLength(500);
  });
});

describe('after a switch', () => {
  test('one goes in, then one more after each quarter of a second, in the order they came', () => {
    const { clock, gate, inside, crowd } = setUp();
    gate.switchedTo('a', '*');
    crowd(64);
    expect(inside).toEqual([0]);
    clock.advance(1000);
    expect(inside).toEqual([0, 1, 2, 3, 4]);
    clock.advance(30_000);
    expect(inside).toHaveLength(64);
  });

  test('a place that is given back is taken by the next', () => {
    const { gate, inside, crowd, left } = setUp();
    gate.switchedTo('a', '*');
    crowd(3);
    left(0);
    left(1);
    expect(inside).toEqual([0, 1, 2]);
  });

  test('and again when work comes back to it much later', () => {
    const { clock, gate, inside, crowd, left } = setUp();
    gate.switchedTo('a', '*');
    crowd(1);
    left(0);
    clock.advance(3_600_000);
    gate.switchedTo('a', '*');
    crowd(64);
    expect(inside).toHaveLength(2);
  });

  test('sessions that come one by one from the same account begin one ramp, until that account serves again', () => {
    const { clock, gate, inside, crowd } = setUp();
    gate.switchedTo('a', '*', 'b');
    clock.advance(30_000);
    gate.switchedTo('a', '*', 'b');
    crowd(3);
    expect(inside).toHaveLength(3);
    gate.served('b', { model: null, inference: true }, 0);
    gate.switchedTo('a', '*', 'b');
    crowd(3);
    expect(inside).toHaveLength(4);
  });

  test('those that are at work there already take no place of the newcomers', () => {
    const { gate, inside, crowd, left } = setUp();
    crowd(20);
    gate.switchedTo('a', '*');
    crowd(5, OPUS, 20);
    expect(inside).toHaveLength(21);
    for (let n = 0; n < 20; n += 1) left(n);
    expect(inside).toHaveLength(21);
    left(20);
    expect(inside).toHaveLength(22);
  });

  test('a place that the woken one does not take goes to the next', () => {
    const { gate, inside, come, left } = setUp();
    gate.rested('a', '*');
    come(0);
    gate.wait('a', OPUS, () => undefined);
    come(1);
    left(0);
    expect(inside).toEqual([0, 1]);
  });

  test('other accounts know nothing of it', () => {
    const { gate } = setUp();
    gate.switchedTo('a', '*');
    expect([gate.tryEnter('b', OPUS), gate.tryEnter('b', OPUS)]).not.toContain(null);
  });
});

describe('after a rest', () => {
  test('one request probes; the others follow in a ramp once it was served', () => {
    const { clock, gate, inside, crowd, served } = setUp();
    gate.rested('a', '*');
    crowd(10);
    clock.advance(5000);
    expect(inside).toEqual([0]);
    served(0);
    clock.advance(500);
    expect(inside).toEqual([0, 1, 2]);
  });

  test('answers that still run from before it do not keep the probe waiting, nor open the door', () => {
    const { clock, gate, inside, crowd, served, left } = setUp();
    crowd(5);
    gate.rested('a', '*');
    crowd(3, OPUS, 5);
    expect(inside).toHaveLength(6);
    served(0);
    left(0);
    clock.advance(5000);
    expect(inside).toHaveLength(6);
    served(5);
    clock.advance(250);
    expect(inside).toHaveLength(7);
  });

  test('a probe that ends unserved beside a stream from before the rest makes room for the next one at once', () => {
    const { gate, inside, crowd, left } = setUp();
    crowd(1);
    gate.rested('a', '*');
    crowd(20, OPUS, 1);
    expect(inside).toEqual([0, 1]);
    left(1);
    expect(inside).toEqual([0, 1, 2]);
    left(0);
    expect(inside).toEqual([0, 1, 2]);
  });

  test('a second refusal sends everybody away to look again', () => {
    const { gate, inside, crowd } = setUp();
    let looked = 0;
    gate.rested('a', '*');
    crowd(1);
    for (let n = 0; n < 5; n += 1) gate.wait('a', OPUS, () => (looked += 1));
    gate.rested('a', '*');
    expect(looked).toBe(5);
    expect(inside).toEqual([0]);
  });

  test('a probe that is not answered holds nobody longer than 30 s, and the others follow in a ramp', () => {
    const { clock, gate, inside, crowd, left } = setUp();
    gate.rested('a', '*');
    crowd(40);
    clock.advance(29_999);
    expect(inside).toEqual([0]);
    clock.advance(1);
    expect(inside).toEqual([0, 1]);
    clock.advance(1000);
    expect(inside).toEqual([0, 1, 2, 3, 4, 5]);
    // The place of the one that was given up is none of the ramp's.
    left(0);
    expect(inside).toHaveLength(6);
    clock.advance(10_000);
    expect(inside).toHaveLength(40);
  });

  test('probes that end unserved one after another keep those behind them no longer than that either', () => {
    const { clock, gate, inside, crowd, left } = setUp();
    gate.rested('a', '*');
    crowd(40);
    for (let n = 0; n < 3; n += 1) {
      clock.advance(9000);
      left(n);
    }
    expect(inside).toEqual([0, 1, 2, 3]);
    clock.advance(3250);
    expect(inside).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('who comes long after a probe that ended waits for the next one as for the first', () => {
    const { clock, gate, inside, come, left } = setUp();
    gate.rested('a', '*');
    come(0);
    left(0);
    clock.advance(3_600_000);
    come(1);
    come(2);
    clock.advance(29_999);
    expect(inside).toEqual([0, 1]);
  });
});

describe('a rest of one model week', () => {
  test('holds back its models only', () => {
    const { gate, inside, crowd } = setUp();
    gate.rested('a', '7d_opus');
    crowd(5, SONNET);
    crowd(5, OPUS, 10);
    expect(inside).toEqual([0, 1, 2, 3, 4, 10]);
  });

  test('is over with a good answer for one of its models, and with no other', () => {
    const { clock, gate, inside, come, crowd, served } = setUp();
    gate.rested('a', '7d_opus');
    come(0, SONNET);
    crowd(3, OPUS, 10);
    served(0);
    clock.advance(5000);
    expect(inside).toEqual([0, 10]);
    served(10);
    clock.advance(250);
    expect(inside).toEqual([0, 10, 11]);
  });

  test('and one of the whole account: a request needs both of them to let it in', () => {
    const { clock, gate, inside, come, served, left } = setUp();
    gate.rested('a', '7d_opus');
    gate.rested('a', '*');
    come(0, OPUS);
    come(1, SONNET);
    expect(inside).toEqual([0]);
    left(0);
    expect(inside).toEqual([0, 1]);
    come(2, OPUS);
    come(3, OPUS);
    served(1);
    clock.advance(5000);
    expect(inside).toEqual([0, 1, 2]);
  });

  test('that is refused again sends only those away who wait for it', () => {
    const { gate } = setUp();
    const looked: string[] = [];
    for (const bucket of ['*', '7d_opus']) gate.rested('a', bucket);
    gate.tryEnter('a', OPUS);
    gate.wait('a', OPUS, () => looked.push('opus'));
    gate.wait('a', SONNET, () => looked.push('sonnet'));
    gate.rested('a', '7d_opus');
    expect(looked).toEqual(['opus']);
  });

  test('a switch for it makes a ramp for its models only', () => {
    const { gate, inside, crowd } = setUp();
    gate.switchedTo('a', '7d_opus');
    crowd(5, OPUS);
    crowd(5, SONNET, 10);
    expect(inside).toEqual([0, 10, 11, 12, 13, 14]);
  });
});

describe('an account that says when it takes more', () => {
  test('gets nobody before that, then one, then the others in the order they came', () => {
    const { clock, gate, inside, crowd, served } = setUp();
    crowd(3);
    gate.closed('a', OPUS, 5000);
    crowd(5, OPUS, 10);
    clock.advance(4999);
    expect(inside).toEqual([0, 1, 2]);
    clock.advance(1);
    expect(inside).toEqual([0, 1, 2, 10]);
    served(0);
    clock.advance(5000);
    expect(inside).toEqual([0, 1, 2, 10]);
    served(10);
    clock.advance(500);
    expect(inside).toEqual([0, 1, 2, 10, 11, 12]);
  });

  test('and says so again later is closed until the last of these times', () => {
    const { clock, gate, inside, come } = setUp();
    gate.closed('a', OPUS, 5000);
    come(0);
    clock.advance(1000);
    gate.closed('a', OPUS, 5000);
    gate.closed('a', OPUS, 1000);
    clock.advance(4999);
    expect(inside).toEqual([]);
    clock.advance(1);
    expect(inside).toEqual([0]);
  });

  test('keeps those who wait, whom a rest would send elsewhere', () => {
    const { gate } = setUp();
    let looked = 0;
    gate.rested('a', '*');
    gate.tryEnter('a', OPUS);
    gate.wait('a', OPUS, () => (looked += 1));
    gate.closed('a', OPUS, 5000);
    expect(looked).toBe(0);
    gate.rested('a', '*');
    expect(looked).toBe(1);
  });

  test('to a call that asks no model for an answer, it says nothing about those that do', () => {
    const { clock, gate, inside, come, served } = setUp();
    gate.closed('a', COUNT, 5000);
    come(0, OPUS);
    for (const n of [1, 2, 3]) come(n, COUNT);
    expect(inside).toEqual([0]);
    served(0);
    clock.advance(6000);
    expect(inside).toEqual([0, 1]);
    served(1);
    clock.advance(250);
    expect(inside).toEqual([0, 1, 2]);
  });
});

test('a good answer to a call that asks no model for one is no probe', () => {
  const { clock, gate, inside, come, served } = setUp();
  gate.rested('a', '*');
  come(0, COUNT);
  come(1, OPUS);
  served(0);
  clock.advance(5000);
  expect(inside).toEqual([0]);
});

test('who gives up waiting is not called any more', () => {
  const { clock, gate } = setUp();
  gate.rested('a', '*');
  const place = gate.tryEnter('a', OPUS) ?? expect.fail();
  const give = gate.wait('a', OPUS, () => expect.unreachable());
  give();
  gate.served('a', OPUS, place);
  clock.advance(60_000);
});

test('an account that goes lets its waiters look elsewhere', () => {
  const { gate } = setUp();
  let looked = false;
  gate.rested('a', '*');
  gate.tryEnter('a', OPUS);
  gate.wait('a', OPUS, () => {
    looked = true;
  });
  gate.forget('a');
  expect(looked).toBe(true);
});

test('whatever happens, nobody who waits is forgotten, even if no answer ever comes', () => {
  const visit = fc.constantFrom(OPUS, SONNET, COUNT);
  const bucket = fc.constantFrom('*', '7d_opus', '7d_sonnet');
  const op = fc.oneof(
    fc.record({ op: fc.constant('come' as const), visit }),
    fc.record({ op: fc.constant('served' as const), nth: fc.nat(20) }),
    fc.record({ op: fc.constant('left' as const), nth: fc.nat(20) }),
    fc.record({ op: fc.constant('rested' as const), bucket }),
    fc.record({ op: fc.constant('switchedTo' as const), bucket }),
    fc.record({ op: fc.constant('closed' as const), visit, ms: fc.nat(10_000) }),
    fc.record({ op: fc.constant('advance' as const), ms: fc.nat(40_000) }),
  );
  fc.assert(
    fc.property(fc.array(op, { maxLength: 80 }), (ops) => {
      const { clock, gate, inside, come, served, left } = setUp();
      const gone = new Set<number>();
      let came = 0;
      for (const one of ops) {
        if (one.op === 'come') come(came++, one.visit);
        else if (one.op === 'rested' || one.op === 'switchedTo') gate[one.op]('a', one.bucket);
        else if (one.op === 'closed') gate.closed('a', one.visit, one.ms);
        else if (one.op === 'advance') clock.advance(one.ms);
        else {
          const n = inside.filter((name) => !gone.has(name))[one.nth];
          if (n === undefined) continue;
          if (one.op === 'served') served(n);
          else {
            gone.add(n);
            left(n);
          }
        }
      }
      clock.advance(100_000);
      expect(inside).toHaveLength(came);
    }),
    { numRuns: 300 },
  );
});
