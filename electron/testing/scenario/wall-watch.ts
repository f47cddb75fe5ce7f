import type { Stage } from './stage.ts';

/** Windows of a subscription, and the models that each counts; null = all. */
const WINDOWS = {
  '5h': null,
  '7d': null,
  '7d_opus': /opus/,
  '7d_sonnet': /sonnet/,
  '7d_oi': /fable|mythos/,
} as const;

type WindowName = keyof typeof WINDOWS;
const NAMES = Object.keys(WINDOWS) as WindowName[];

/** A time in which an account could not serve some models, as the provider itself knows it. Times are UTC ms. */
export type Wall = {
  readonly account: string;
  readonly window: WindowName;
  readonly from: number;
  readonly until: number;
};

/** A window that began anew, and what share of the old one nobody had used. */
export type Reset = {
  readonly account: string;
  readonly window: WindowName;
  readonly at: number;
  readonly unused: number;
};

/** Whether questions for a model count in a window. */
export function counts(window: string, model: string): boolean {
  const models = WINDOWS[window as WindowName];
  return models === null || models?.test(model) === true;
}

type Known = { readonly used: number; readonly over: boolean; readonly full: boolean };

/** What the provider knows of the limits of its accounts, over time. */
export type WallWatch = {
  readonly walls: readonly Wall[];
  readonly resets: readonly Reset[];
  /** Whether an account was kept from serving a model at any moment of a span. */
  walled(account: string, model: string, from: number, until: number): boolean;
};

/** Looks at the provider's own books after every step of a stage. */
export function watchWalls(stage: Stage, accounts: readonly string[]): WallWatch {
  const walls: Wall[] = [];
  const resets: Reset[] = [];
  const known = new Map<string, Known>();

  function look(account: string, window: WindowName, now: number): void {
    const live = stage.simulator.account(account).windows[window];
    if (live === undefined) return;
    const key = `${account} ${window}`;
    const before = known.get(key);
    // The simulator empties a window only with the first request after its end.
    const over = live.resetAt <= now;
    if (over && before?.over === false) {
      resets.push({ account, window, at: live.resetAt, unused: Math.max(0, 1 - before.used) });
    }
    const full = live.utilization >= 1 && !over;
    if (full && before?.full !== true) walls.push({ account, window, from: now, until: live.resetAt });
    known.set(key, { used: live.utilization, over, full });
  }

  stage.onStep(() => {
    const now = stage.providerNow();
    for (const account of accounts) for (const window of NAMES) look(account, window, now);
  });
  return {
    walls,
    resets,
    walled: (account, model, from, until) =>
      walls.some(
        (wall) =>
          wall.account === account && wall.from <= until && wall.until > from && counts(wall.window, model),
      ),
  };
}
