import type { Classify, ClassifyContext, Verdict } from '../limit-ports.ts';
import { accountFault } from './classify-account.ts';
import { refusedCredential } from './classify-credential.ts';
import { entitlement, modelAccess } from './classify-model.ts';
import { classifyNetwork } from './classify-network.ts';
import { paidOverage } from './classify-overage.ts';
import { rateLimited } from './classify-quota.ts';
import { upstreamTrouble } from './classify-upstream.ts';
import { type Answer, deliver, LADDER_STEP_MS, type Rule } from './verdicts.ts';

/** Asked in this order; the first that knows the answer decides. */
const RULES: readonly Rule[] = [
  accountFault,
  refusedCredential,
  entitlement,
  rateLimited,
  modelAccess,
  upstreamTrouble,
];

/**
 * What to do after one attempt, from its answer or failure alone. Whatever no rule knows is about the request and
 * goes to the client byte for byte: every account would answer the same.
 */
export const classify: Classify = (outcome, context) => {
  if (outcome.kind === 'network') return classifyNetwork(outcome.error, context);
  try {
    return outcome.status < 400 ? served(outcome, context) : refused(outcome, context);
  } catch {
    return deliver('request', 'unclassified', 'The answer could not be understood');
  }
};

const OK = deliver('none', 'ok', 'Served');

function served(answer: Answer, context: ClassifyContext): Verdict {
  return paidOverage(answer, context) ?? OK;
}

function refused(answer: Answer, context: ClassifyContext): Verdict {
  for (const rule of RULES) {
    const verdict = rule(answer, context);
    if (verdict !== null) return verdict;
  }
  return deliver('request', 'request_refused', `The provider refused the request (${answer.status})`);
}

/**
 * What an `error` event inside a 200 stream means for the account (`type`: its `error.type`). The answer is on its
 * way already, so this is about later requests only: a short rest after a rate limit, none otherwise.
 */
export function classifyStreamError(type: string, now: number): Verdict {
  if (type !== 'rate_limit_error') {
    return deliver('upstream', 'stream_error', 'The provider broke off its answer with an error');
  }
  return {
    ...deliver('account', 'stream_rate_limited', 'The provider ended an answer because of a rate limit'),
    cooldown: {
      bucket: '*',
      until: now + LADDER_STEP_MS,
      evidence: ['error event: rate_limit_error'],
      ladder: true,
    },
  };
}
