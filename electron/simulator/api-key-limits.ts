import type { Admission, ApiKeyLimit, ApiKeyLimitName, Consumption, SimulatedWindows } from './windows.ts';

const PREFIX = 'anthropic-ratelimit';
const NAMES: readonly ApiKeyLimitName[] = ['requests', 'input-tokens', 'output-tokens'];

/** Limits are per minute. */
const PERIOD_MS = 60_000;

type NamedLimit = { name: ApiKeyLimitName; limit: ApiKeyLimit };

function limitsOf(windows: SimulatedWindows): NamedLimit[] {
  return NAMES.flatMap((name) => {
    const limit = windows[name];
    return limit ? [{ name, limit }] : [];
  });
}

/** Refills the limits whose reset has passed. */
export function rollApiKey(windows: SimulatedWindows, now: number): void {
  for (const { limit } of limitsOf(windows)) {
    if (limit.resetAt > now) continue;
    limit.remaining = limit.limit;
    limit.resetAt += Math.ceil((now - limit.resetAt + 1) / PERIOD_MS) * PERIOD_MS;
  }
}

/** Decides one message and takes its share; `retry-after` is added when a limit is spent. */
export function admitApiKey(windows: SimulatedWindows, use: Consumption, now: number): Admission {
  const limits = limitsOf(windows);
  const spent = limits.filter(({ limit }) => limit.remaining <= 0);
  if (spent.length === 0) for (const named of limits) take(named, use);
  const headers = Object.assign({}, ...limits.map(limitHeaders), tokensHeaders(windows));
  if (spent.length > 0) {
    const latest = Math.max(...spent.map(({ limit }) => limit.resetAt));
    headers['retry-after'] = String(Math.max(1, Math.ceil((latest - now) / 1000)));
  }
  return { admitted: spent.length === 0, headers };
}

function take({ name, limit }: NamedLimit, use: Consumption): void {
  if (limit.burns === false) return;
  const amounts = { requests: 1, 'input-tokens': use.inputTokens, 'output-tokens': use.outputTokens };
  limit.remaining = Math.max(0, limit.remaining - amounts[name]);
}

function limitHeaders({ name, limit }: NamedLimit): Record<string, string> {
  return headerSet(name, limit, name === 'requests' ? limit.remaining : thousands(limit.remaining));
}

/** `tokens-*` shows whichever token limit is closest to its end. */
function tokensHeaders(windows: SimulatedWindows): Record<string, string> {
  const { 'input-tokens': input, 'output-tokens': output } = windows;
  const limits = [input, output].filter((limit) => limit !== undefined);
  if (limits.length === 0) return {};
  const tightest = limits.reduce((a, b) => (b.remaining / b.limit < a.remaining / a.limit ? b : a));
  return headerSet('tokens', tightest, thousands(tightest.remaining));
}

function headerSet(name: string, limit: ApiKeyLimit, remaining: number): Record<string, string> {
  return {
    [`${PREFIX}-${name}-limit`]: String(limit.limit),
    [`${PREFIX}-${name}-remaining`]: String(remaining),
    [`${PREFIX}-${name}-reset`]: `${new Date(limit.resetAt).toISOString().slice(0, 19)}Z`,
  };
}

/** Remaining tokens are told rounded to the nearest thousand. */
const thousands = (tokens: number): number => Math.round(tokens / 1000) * 1000;
