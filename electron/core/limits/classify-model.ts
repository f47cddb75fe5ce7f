import type { ClassifyContext, Verdict } from '../limit-ports.ts';
import { askedOf, modelBucket } from './buckets.ts';
import { namesSpentWindow } from './refused-windows.ts';
import { type Answer, evidenceOf, type Rule } from './verdicts.ts';

/** An account that lacks a model is asked for it again after this, ms. */
const LACKS_MODEL_MS = 10 * 60_000;

/** An account that lacks the credits for a kind of request, ms. */
const LACKS_CREDITS_MS = 5 * 60_000;

const NEEDS_CREDITS =
  /usage credits? (?:are |is )?required|extra usage is required|long context.*(?:credits|extra usage)/i;

/** Credits that are asked for the long context in so many words. */
const FOR_LONG_CONTEXT = /\b1m context|long context/i;

const OVERAGE_REASON = 'anthropic-ratelimit-unified-overage-disabled-reason';
const WINDOW_RESET = 'anthropic-ratelimit-unified-reset';

/** 429 that no waiting ends: this account may not do this kind of request. Others stay usable on it. */
export const entitlement: Rule = (answer, context) => {
  if (answer.status !== 429 || namesSpentWindow(answer, context.now)) return null;
  const byWords = NEEDS_CREDITS.test(answer.error?.message ?? '');
  const outOfCredits =
    answer.headers.get(OVERAGE_REASON) === 'out_of_credits' && answer.headers.get(WINDOW_RESET) === undefined;
  if (!byWords && !outOfCredits) return null;
  if (!byWords && answer.headers.get('retry-after') !== undefined) return null;
  return {
    scope: 'account-model',
    action: 'next-account',
    code: 'credits_required',
    reason: 'It has no usage credits for this kind of request',
    ...restOf(answer, context, LACKS_CREDITS_MS, lacksLongContext(answer, context)),
  };
};

/** Without the long context the same account may well serve the model, so only requests for that are remembered. */
function lacksLongContext({ error }: Answer, { longContext }: ClassifyContext): boolean {
  return longContext === true || FOR_LONG_CONTEXT.test(error?.message ?? '');
}

/** 403 and 404 about a model or feature that the account's plan lacks; another account may have it. */
export const modelAccess: Rule = (answer, context) => {
  if (answer.status === 404) {
    if (!namesModel(answer, context.model)) return null;
    return lacks(answer, context, 'model_not_found', 'It does not know this model');
  }
  if (answer.status !== 403) return null;
  return lacks(answer, context, 'permission_denied', 'It may not use this model or feature');
};

function lacks(answer: Answer, context: ClassifyContext, code: string, reason: string): Verdict {
  return {
    scope: 'account-model',
    action: 'next-account',
    code,
    reason,
    ...restOf(answer, context, LACKS_MODEL_MS),
  };
}

function restOf(
  answer: Answer,
  { model, now }: ClassifyContext,
  ms: number,
  longContext = false,
): Pick<Verdict, 'cooldown'> {
  const asked = askedOf({ model, longContext });
  if (asked === null || answer.error === null) return {};
  return {
    cooldown: { bucket: modelBucket(asked), until: now + ms, evidence: evidenceOf(answer, [OVERAGE_REASON]) },
  };
}

function namesModel({ error }: Answer, model: string | null): boolean {
  if (error?.type !== 'not_found_error' || model === null) return false;
  return /^model\b/i.test(error.message) || error.message.includes(model);
}
