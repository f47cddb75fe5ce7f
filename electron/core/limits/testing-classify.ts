import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import type { failures } from '../../simulator/failures.ts';
import type { AttemptOutcome, ClassifyContext, Verdict } from '../limit-ports.ts';
import type { Account } from '../ports.ts';
import { classify } from './classify.ts';

// Answers as the classification sees them, for its tests.

/** The moment everything is judged at. */
export const NOW = Date.UTC(2026, 10, 24, 12);
/** ms. */
export const HOUR = 3_600_000;
/** A reset ahead of it. */
export const RESET = NOW + 2 * HOUR;

/** A subscription. */
export const ACCOUNT: Account = {
  id: 'a',
  name: 'work',
  kind: 'oauth',
  baseUrl: 'https://api.anthropic.com',
  priority: 0,
  paused: false,
  createdAt: 0,
  headerStyle: 'x-api-key',
  modelMap: {},
};

function context(change: Partial<ClassifyContext> = {}): ClassifyContext {
  return {
    account: ACCOUNT,
    model: 'claude-opus-5-5',
    now: NOW,
    retriesHere: 0,
    refreshedHere: false,
    settings: DEFAULT_SETTINGS,
    random: () => 0.5,
    ...change,
  };
}

/** An answer with these fields. */
export function response(
  status: number,
  headers: Record<string, string> = {},
  error: { type: string; message: string; code?: string | null } | null = null,
): AttemptOutcome {
  const fields = new Map(Object.entries(headers));
  return {
    kind: 'response',
    status,
    headers: { get: (name) => fields.get(name), entries: () => fields.entries() },
    error: error && { code: null, ...error },
  };
}

/** What the simulator would send, as the classification sees it. */
export function told(behaviour: ReturnType<(typeof failures)[keyof typeof failures]>): AttemptOutcome {
  if (behaviour.kind !== 'error') throw new Error(`no error answer: ${behaviour.kind}`);
  const { status, error, headers = {} } = behaviour;
  const code = error.details?.error_code;
  const flat = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return response(status, Object.fromEntries(flat), {
    ...error,
    code: typeof code === 'string' ? code : null,
  });
}

/** The verdict on an answer that a subscription gave to its first try. */
export const judge = (outcome: AttemptOutcome, change?: Partial<ClassifyContext>): Verdict =>
  classify(outcome, context(change));
