import type { AttemptOutcome, ClassifyContext, Verdict } from '../limit-ports.ts';
import { jitteredWait } from './verdicts.ts';

type NetworkError = Extract<AttemptOutcome, { kind: 'network' }>['error'];

const WORDS: Record<NetworkError, { code: string; reason: string; unsent: boolean }> = {
  connect: { code: 'connect_error', reason: 'No connection to the provider', unsent: true },
  tls: { code: 'tls_error', reason: 'No trusted connection to the provider', unsent: true },
  dns: { code: 'dns_error', reason: "The provider's address could not be looked up", unsent: true },
  reset: { code: 'connection_lost', reason: 'The connection broke before an answer', unsent: false },
  'head-timeout': { code: 'head_timeout', reason: 'The provider did not answer in time', unsent: false },
};

/**
 * No answer at all: one more try on the same account, since lines break for a moment. The line is no fault of the
 * account, so it never rests. Only a request that was never sent goes on to another account (its address may be
 * another); one that may be at work already could be paid twice.
 */
export function classifyNetwork(error: NetworkError, context: ClassifyContext): Verdict {
  const { code, reason, unsent } = WORDS[error];
  if (context.retriesHere < Math.min(1, context.settings.retryAttempts)) {
    return { scope: 'upstream', action: 'retry-here', code, reason, waitMs: jitteredWait(context) };
  }
  const moves = unsent && context.mayMoveAfterNetworkError !== false;
  return { scope: 'upstream', action: moves ? 'next-account' : 'stop', code, reason };
}
