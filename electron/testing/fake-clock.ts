import type { Clock } from '../core/clock.ts';

/** A clock that stands still until it is told to move; timers fire in order as it passes them. */
export type FakeClock = Clock & {
  /** Moves time on by `ms`, firing every timer on the way. */
  advance(ms: number): void;
  /** Changes the wall clock only, as a user or time server does. */
  setWall(now: number): void;
};

/** A Tuesday noon in UTC, so that tests read naturally. */
const START = Date.UTC(2026, 10, 24, 12, 0, 0);

/** See {@link FakeClock}. */
export function createFakeClock(start: number = START): FakeClock {
  let wall = start;
  let steady = 0;
  let order = 0;
  const timers = new Map<number, { at: number; action: () => void }>();
  const nextDue = (limit: number) =>
    [...timers].filter(([, timer]) => timer.at <= limit).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  const moveTo = (target: number): void => {
    wall += target - steady;
    steady = target;
  };
  return {
    now: () => wall,
    monotonic: () => steady,
    after(delayMs, action) {
      order += 1;
      const id = order;
      timers.set(id, { at: steady + Math.max(delayMs, 0), action });
      return { cancel: () => void timers.delete(id) };
    },
    advance(ms) {
      const target = steady + ms;
      for (let due = nextDue(target); due; due = nextDue(target)) {
        timers.delete(due[0]);
        moveTo(Math.max(due[1].at, steady));
        due[1].action();
      }
      moveTo(target);
    },
    setWall(now) {
      wall = now;
    },
  };
}
