import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createAdmissionGate } from './admission-gate.ts';

function setUp() {
  const clock = createFakeClock();
  const gate = createAdmissionGate(clock);
  const inside: number[] = [];
  /** Enters or waits and tries again, as a request does. */
  const come = (n: number): void => {
    if (gate.tryEnter('a')) inside.push(n);
    else gate.wait('a', () => come(n));
  };
  const crowd = (count: number): void => {
    for (let n = 0; n < count; n += 1) come(n);
  };
  return { clock, gate, inside, come, crowd };
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
    gate.switchedTo('a');
    crowd(64);
    expect(inside).toEqual([0]);
    clock.advance(1000);
    expect(inside).toEqual([0, 1, 2, 3, 4]);
    clock.advance(30_000);
    expect(inside).toHaveLength(64);
  });

  test('a place that is given back is taken by the next', () => {
    const { gate, inside, crowd } = setUp();
    gate.switchedTo('a');
    crowd(3);
    gate.left('a');
    gate.left('a');
    expect(inside).toEqual([0, 1, 2]);
  });

  test('and again when work comes back to it much later', () => {
    const { clock, gate, inside, crowd } = setUp();
    gate.switchedTo('a');
    crowd(1);
    gate.left('a');
    clock.advance(3_600_000);
    gate.switchedTo('a');
    crowd(64);
    expect(inside).toHaveLength(2);
  });

  test('a place that the woken one does not take goes to the next', () => {
    const { gate, inside, come } = setUp();
    gate.rested('a');
    come(0);
    gate.wait('a', () => undefined);
    come(1);
    gate.left('a');
    expect(inside).toEqual([0, 1]);
  });

  test('other accounts know nothing of it', () => {
    const { gate } = setUp();
    gate.switchedTo('a');
    expect([gate.tryEnter('b'), gate.tryEnter('b')]).toEqual([true, true]);
  });
});

describe('after a rest', () => {
  test('one request probes; the others follow in a ramp once it was served', () => {
    const { clock, gate, inside, crowd } = setUp();
    gate.rested('a');
    crowd(10);
    clock.advance(5000);
    expect(inside).toEqual([0]);
    gate.answered('a', 'ok');
    clock.advance(500);
    expect(inside).toEqual([0, 1, 2]);
  });

  test('answers that still run from before it do not keep the probe waiting, nor open the door', () => {
    const { gate, inside, crowd } = setUp();
    crowd(5);
    gate.rested('a');
    crowd(3);
    expect(inside).toHaveLength(6);
    gate.left('a');
    expect(inside).toHaveLength(6);
    gate.answered('a', 'ok');
    expect(inside).toHaveLength(6);
  });

  test('a refused probe sends everybody away to look again', () => {
    const { gate, inside, crowd } = setUp();
    let looked = 0;
    gate.rested('a');
    crowd(1);
    for (let n = 0; n < 5; n += 1) gate.wait('a', () => (looked += 1));
    gate.answered('a', 'limited');
    expect(looked).toBe(5);
    expect(inside).toEqual([0]);
  });

  test('an error that is about no limit neither opens nor closes it', () => {
    const { gate, inside, crowd } = setUp();
    gate.rested('a');
    crowd(3);
    gate.answered('a', 'other');
    expect(inside).toEqual([0]);
    gate.left('a');
    expect(inside).toEqual([0, 1]);
  });

  test('a probe that never ends holds nobody longer than 30 s', () => {
    const { clock, gate, inside, crowd } = setUp();
    gate.rested('a');
    crowd(40);
    clock.advance(30_000);
    expect(inside).toHaveLength(40);
  });
});

test('who gives up waiting is not called any more', () => {
  const { clock, gate } = setUp();
  gate.rested('a');
  gate.tryEnter('a');
  const give = gate.wait('a', () => expect.unreachable());
  give();
  gate.answered('a', 'ok');
  clock.advance(60_000);
});

test('an account that goes lets its waiters look elsewhere', () => {
  const { gate } = setUp();
  let looked = false;
  gate.rested('a');
  gate.tryEnter('a');
  gate.wait('a', () => {
    looked = true;
  });
  gate.forget('a');
  expect(looked).toBe(true);
});
