import type { Clock, Timer } from '../../core/clock.ts';
import { createFakeClock } from '../fake-clock.ts';

/** A fake clock that can say when its next timer is due, and that a computer's sleep can pass by. */
export type ScenarioClock = Clock & {
  /** ms until the next timer; null when there is none. */
  untilNext(): number | null;
  /** Moves time on, firing every timer at its time. */
  advance(ms: number): void;
  /** Moves both clocks on while no timer can fire; those that were due meanwhile fire at the end. */
  sleep(ms: number): void;
  /** Changes the wall clock only, as a person or a time server does. */
  setWall(now: number): void;
};

/** Timers that may fire at one moment. */
const MOST_AT_ONCE = 10_000;

type Waiting = { readonly at: number; readonly action: () => void };

/** See {@link ScenarioClock}. `start` is UTC ms. */
export function createScenarioClock(start: number): ScenarioClock {
  const time = createFakeClock(start);
  const timers = new Set<Waiting>();

  /** The earliest; of equal ones the one that was set first. */
  function earliest(): Waiting | null {
    let found: Waiting | null = null;
    for (const timer of timers) if (found === null || timer.at < found.at) found = timer;
    return found;
  }
  function fireUntil(limit: number): void {
    let atOnce = 0;
    for (let due = earliest(); due !== null && due.at <= limit; due = earliest()) {
      timers.delete(due);
      const wait = Math.max(0, due.at - time.monotonic());
      atOnce = wait > 0 ? 0 : atOnce + 1;
      if (atOnce > MOST_AT_ONCE) throw new Error('timers set themselves again without time passing');
      time.advance(wait);
      due.action();
    }
  }

  return {
    now: time.now,
    monotonic: time.monotonic,
    setWall: time.setWall,
    after(delayMs, action) {
      const timer = { at: time.monotonic() + Math.max(delayMs, 0), action };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    untilNext() {
      const due = earliest();
      return due === null ? null : Math.max(0, due.at - time.monotonic());
    },
    advance(ms) {
      const target = time.monotonic() + ms;
      fireUntil(target);
      time.advance(target - time.monotonic());
    },
    sleep(ms) {
      time.advance(ms);
      fireUntil(time.monotonic());
    },
  };
}

/** The clock of one program: its timers end with it. */
export function mortalClock(clock: Clock): Clock & { die(): void } {
  const timers = new Set<Timer>();
  let dead = false;
  return {
    now: clock.now,
    monotonic: clock.monotonic,
    after(delayMs, action) {
      if (dead) return { cancel: () => undefined };
      const timer = clock.after(delayMs, () => {
        timers.delete(timer);
        action();
      });
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    die() {
      dead = true;
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
