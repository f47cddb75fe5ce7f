import { MAX_RETRY_WAIT_MS } from '../../../shared/settings.ts';
import type { AttemptOutcome, ClassifyContext, HeaderLookup, Verdict } from '../limit-ports.ts';

/** An answer as the rules look at it. */
export type Answer = Extract<AttemptOutcome, { kind: 'response' }>;

/** One rule of the classification: a verdict, or null when the rule does not apply. */
export type Rule = (answer: Answer, context: ClassifyContext) => Verdict | null;

/** Rest when a limit is certain and its end is not, ms. */
export const UNKNOWN_RESET_MS = 5 * 60_000;

/** First step of the ladder for refusals without a stated end, ms. */
export const LADDER_STEP_MS = 30_000;

/** Values kept of a header that decided, characters. */
const MAX_VALUE = 120;

/** The provider's answer goes to the client as it is and says nothing about the account. */
export function deliver(scope: Verdict['scope'], code: string, reason: string): Verdict {
  return { scope, action: 'deliver', code, reason };
}

/** What was seen, for people: the status, the error's type, and those of the named headers that are there. */
export function evidenceOf(answer: Answer, names: readonly string[]): string[] {
  const seen = [`status ${answer.status}`];
  if (answer.error !== null) seen.push(`error ${answer.error.type.slice(0, MAX_VALUE)}`);
  for (const name of names) {
    const value = answer.headers.get(name);
    if (value !== undefined) seen.push(`${name}: ${value}`.slice(0, name.length + 2 + MAX_VALUE));
  }
  return seen.slice(0, 12);
}

/** Whether the provider itself says that another try is pointless. */
export function saysNoRetry(headers: HeaderLookup): boolean {
  return headers.get('x-should-retry') === 'false';
}

/**
 * Wait before the next try on the same account, ms: grows with each try, drawn between half and all of it so that
 * clients which failed together do not come back together, and never more than {@link MAX_RETRY_WAIT_MS}.
 */
export function jitteredWait({ settings, retriesHere, random }: ClassifyContext): number {
  const full = Math.min(MAX_RETRY_WAIT_MS, settings.retryDelayMs * settings.retryBackoff ** retriesHere);
  return Math.round(full * (0.5 + 0.5 * random()));
}
