import type { ClassifyContext, Verdict } from '../limit-ports.ts';
import { readRetryAfter } from './header-values.ts';
import { type Answer, jitteredWait, type Rule, saysNoRetry } from './verdicts.ts';

/** Server-side errors that pass by themselves (API errors reference), and what gateways say in their place. */
const PASSING = new Set([500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** A wait that the provider asks for is kept up to this, ms; beyond it a person notices. */
const MAX_ASKED_MS = 3000;

/**
 * Trouble of the provider as a whole: tried again in place, then told as it is. Every account would meet the same,
 * so none rests; but one of them may be served from elsewhere, so one hop is allowed before the answer is told.
 */
export const upstreamTrouble: Rule = (answer, context) => {
  if (answer.status < 500) return null;
  const overloaded = answer.status === 529 || answer.error?.type === 'overloaded_error';
  const code = overloaded ? 'overloaded' : 'upstream_error';
  const reason = overloaded
    ? 'The provider is overloaded'
    : `The provider has trouble of its own (${answer.status})`;
  const wait = waitFor(answer, context);
  if (wait === null) return whenRetriesEnd(answer, context, { code, reason });
  return { scope: 'upstream', action: 'retry-here', code, reason, waitMs: wait };
};

/** One hop per request, without holding it against the account that is left. */
function whenRetriesEnd(
  answer: Answer,
  { settings, hopped }: ClassifyContext,
  said: Pick<Verdict, 'code' | 'reason'>,
): Verdict {
  const mayHop = settings.overloadHop && hopped !== true && PASSING.has(answer.status);
  const hops = mayHop && !saysNoRetry(answer.headers);
  return { scope: 'upstream', action: hops ? 'next-account' : 'deliver', ...said };
}

/** Wait before another try, ms; null when there is to be none. */
function waitFor(answer: Answer, context: ClassifyContext): number | null {
  if (!PASSING.has(answer.status) || saysNoRetry(answer.headers)) return null;
  // After the hop the client has waited for two accounts already.
  if (context.hopped === true || context.retriesHere >= context.settings.retryAttempts) return null;
  const asked = readRetryAfter(answer.headers, context.now);
  const wait = jitteredWait(context);
  if (asked === null || asked - context.now > MAX_ASKED_MS) return wait;
  return Math.max(wait, asked - context.now);
}
