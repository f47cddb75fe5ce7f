/** One window of an account: what is left of it, in units of a plan of weight 1, and when it starts anew. */
type Window = {
  readonly left: number /** null = nobody knows, so it does not. */;
  readonly resetsInHours: number | null;
};

/** What an account can still give. */
export type Supply = { readonly weight: number; readonly short: Window; readonly week: Window };

/** Use per hour, in the same units. */
export type Pace = { readonly short: number; readonly week: number };

const STEP_HOURS = 0.25;
const HORIZON_HOURS = 7 * 24;
const SHORT_HOURS = 5;
const WEEK_HOURS = 7 * 24;

type Tank = { left: number; readonly full: number; resetIn: number; readonly every: number };
type Source = { readonly short: Tank; readonly week: Tank };

/**
 * How many hours the work goes on when it draws on one account after the other and their windows start anew in
 * time; null when it lasts a week. A step is a quarter of an hour.
 */
export function workLasts(supplies: readonly Supply[], pace: Pace): number | null {
  const sources = supplies.map(sourceOf);
  for (let hours = 0; hours < HORIZON_HOURS; hours += STEP_HOURS) {
    if (!drawStep(sources, pace)) return hours;
    for (const { short, week } of sources) {
      pass(short);
      pass(week);
    }
  }
  return null;
}

function sourceOf({ weight, short, week }: Supply): Source {
  const tank = ({ left, resetsInHours }: Window, every: number): Tank => ({
    left,
    full: weight,
    resetIn: resetsInHours ?? Number.POSITIVE_INFINITY,
    every,
  });
  return { short: tank(short, SHORT_HOURS), week: tank(week, WEEK_HOURS) };
}

/** Takes a step's work from the accounts in turn; false when they have not enough together. */
function drawStep(sources: readonly Source[], pace: Pace): boolean {
  let missing = 1;
  for (const { short, week } of sources) {
    const share = Math.min(missing, shareOf(short.left, pace.short), shareOf(week.left, pace.week));
    short.left -= share * pace.short * STEP_HOURS;
    week.left -= share * pace.week * STEP_HOURS;
    missing -= share;
    if (missing <= 1e-9) return true;
  }
  return false;
}

/** Part of a step's work that a window can carry. */
function shareOf(left: number, perHour: number): number {
  return perHour <= 0 ? 1 : Math.max(0, left) / (perHour * STEP_HOURS);
}

function pass(tank: Tank): void {
  tank.resetIn -= STEP_HOURS;
  if (tank.resetIn > 0) return;
  tank.left = tank.full;
  tank.resetIn += tank.every;
}
