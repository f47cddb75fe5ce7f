import type {
  Admission,
  SimulatedOverage,
  SimulatedWindows,
  UnifiedWindow,
  UnifiedWindowName,
} from './windows.ts';

const PREFIX = 'anthropic-ratelimit-unified';
const HOUR_MS = 3_600_000;

/** From here on a window says `allowed_warning`. */
const WARNING_AT = 0.9;

type WindowFacts = { claim: string; lengthMs: number; models: RegExp | null };

const FACTS: Record<UnifiedWindowName, WindowFacts> = {
  '5h': { claim: 'five_hour', lengthMs: 5 * HOUR_MS, models: null },
  '7d': { claim: 'seven_day', lengthMs: 168 * HOUR_MS, models: null },
  '7d_opus': { claim: 'seven_day_opus', lengthMs: 168 * HOUR_MS, models: /opus/ },
  '7d_sonnet': { claim: 'seven_day_sonnet', lengthMs: 168 * HOUR_MS, models: /sonnet/ },
  '7d_oi': { claim: 'seven_day_overage_included', lengthMs: 168 * HOUR_MS, models: /fable|mythos/ },
};

const NAMES = Object.keys(FACTS) as UnifiedWindowName[];

type NamedWindow = { name: UnifiedWindowName; window: UnifiedWindow };

/** Every unified window of the account, whatever the model. */
export function unifiedWindows(windows: SimulatedWindows): NamedWindow[] {
  return NAMES.flatMap((name) => {
    const window = windows[name];
    return window ? [{ name, window }] : [];
  });
}

/** Empties the windows whose reset has passed and moves them to their next reset. */
export function rollUnified(windows: SimulatedWindows, now: number): void {
  for (const { name, window } of unifiedWindows(windows)) {
    if (window.resetAt > now) continue;
    const { lengthMs } = FACTS[name];
    window.utilization = 0;
    window.resetAt += Math.ceil((now - window.resetAt + 1) / lengthMs) * lengthMs;
  }
}

/** Decides one message against the windows that hold for its model, and takes its share when it may pass. */
export function admitUnified(windows: SimulatedWindows, model: string): Admission {
  const held = unifiedWindows(windows).filter(({ name }) => FACTS[name].models?.test(model) ?? true);
  const full = held.filter(({ window }) => window.utilization >= 1);
  const paid = full.length > 0 && windows.overage !== undefined && windows.overage.status !== 'rejected';
  const admitted = full.length === 0 || paid;
  if (admitted) for (const { window } of held) window.utilization += window.burnPerRequest ?? 0;
  return { admitted, headers: unifiedHeaders(held, full, windows.overage, paid) };
}

/** The window that decides: among full ones the last to reset, else the fullest. */
function representative(held: NamedWindow[], full: NamedWindow[]): NamedWindow | undefined {
  if (full.length > 0) return full.reduce((a, b) => (b.window.resetAt > a.window.resetAt ? b : a));
  return held.reduce<NamedWindow | undefined>(
    (a, b) => (a && a.window.utilization >= b.window.utilization ? a : b),
    undefined,
  );
}

function unifiedHeaders(
  held: NamedWindow[],
  full: NamedWindow[],
  overage: SimulatedOverage | undefined,
  paid: boolean,
): Record<string, string> {
  const deciding = representative(held, full);
  const headers: Record<string, string> = {};
  if (deciding) {
    const { name, window } = deciding;
    headers[`${PREFIX}-status`] = full.length > 0 ? 'rejected' : statusOf(window.utilization, false);
    headers[`${PREFIX}-reset`] = epochSeconds(window.resetAt);
    headers[`${PREFIX}-representative-claim`] = paid ? 'overage' : FACTS[name].claim;
    headers[`${PREFIX}-fallback-percentage`] = '0.5';
  }
  for (const named of held) Object.assign(headers, windowHeaders(named, full.includes(named)));
  return Object.assign(headers, overageHeaders(overage, paid));
}

function windowHeaders({ name, window }: NamedWindow, isFull: boolean): Record<string, string> {
  const base = `${PREFIX}-${name}`;
  const headers: Record<string, string> = {
    [`${base}-status`]: statusOf(window.utilization, isFull),
    [`${base}-utilization`]: fraction(window.utilization),
    [`${base}-reset`]: epochSeconds(window.resetAt),
  };
  if (window.utilization >= WARNING_AT) headers[`${base}-surpassed-threshold`] = fraction(WARNING_AT);
  return headers;
}

function overageHeaders(overage: SimulatedOverage | undefined, paid: boolean): Record<string, string> {
  const base = `${PREFIX}-overage`;
  if (!overage || overage.status === 'rejected') {
    return {
      [`${base}-status`]: 'rejected',
      [`${base}-disabled-reason`]: overage?.disabledReason ?? 'overage_not_provisioned',
    };
  }
  const headers: Record<string, string> = {
    [`${base}-status`]: overage.status,
    [`${base}-in-use`]: String(paid),
  };
  if (overage.utilization !== undefined) headers[`${base}-utilization`] = fraction(overage.utilization);
  if (overage.resetAt !== undefined) headers[`${base}-reset`] = epochSeconds(overage.resetAt);
  return headers;
}

function statusOf(utilization: number, isFull: boolean): string {
  if (isFull) return 'rejected';
  return utilization >= WARNING_AT ? 'allowed_warning' : 'allowed';
}

const fraction = (value: number): string => String(Math.round(value * 10_000) / 10_000);
const epochSeconds = (utcMs: number): string => String(Math.ceil(utcMs / 1000));
