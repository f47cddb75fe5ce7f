/** A running timer. */
export type Timer = { cancel(): void };

/** Time as the engine sees it; tests drive it by hand. */
export type Clock = {
  /** UTC, ms. May jump when the user or the network corrects it. */
  now(): number;
  /** Never jumps, ms since an arbitrary start. Sleep may or may not count. */
  monotonic(): number;
  /** Runs `action` once after `delayMs`; does not keep the process alive. */
  after(delayMs: number, action: () => void): Timer;
};

/** Longest delay that timers of the platform can hold, ms (2^31 - 1). */
const MAX_DELAY_MS = 2_147_483_647;

/** The clock of the computer. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
