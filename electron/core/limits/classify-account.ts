import type { ClassifyContext, Verdict } from '../limit-ports.ts';
import { namesSpentWindow } from './refused-windows.ts';
import { type Answer, evidenceOf, type Rule } from './verdicts.ts';

/** One thing that can be wrong with an account, and how the provider says it (API and Claude Code error references). */
type Fault = {
  readonly statuses: readonly number[];
  readonly message?: RegExp;
  readonly code?: RegExp;
  readonly verdict: { readonly code: string; readonly reason: string };
  /** End of the rest, UTC ms; null = when the user acts. */
  readonly until: (answer: Answer, now: number) => number | null;
  readonly attention: boolean;
  /** `deliver`: the user has to read the provider's words, and other accounts are not to be tried with it. */
  readonly action: 'next-account' | 'deliver';
  /** A spent window that the answer names outweighs it: that is no fault, and it has an end. */
  readonly yieldsToWindow?: boolean;
  /** A 401 or 403 would make the client drop its own login. */
  readonly hide?: boolean;
};

/** Until then a fault that money ends is not looked at again, ms. */
const MONEY_REST_MS = 30 * 60_000;

const afterMoneyRest = (_: Answer, now: number): number => now + MONEY_REST_MS;
const whenUserActs = (): null => null;

const FAULTS: readonly Fault[] = [
  {
    statuses: [400, 403],
    message: /credit balance is too low/i,
    verdict: { code: 'credit_too_low', reason: 'Its credit balance is too low' },
    until: afterMoneyRest,
    attention: true,
    action: 'next-account',
  },
  {
    statuses: [400, 403, 429],
    message:
      /specified (?:workspace )?api usage limits|monthly spend limit|reached (?:its|your) .*spend(?:ing)? (?:limit|cap)/i,
    code: /spend_limit_reached|spend_cap/i,
    verdict: { code: 'spend_limit', reason: 'Its spend limit is reached' },
    until: statedDate,
    attention: false,
    action: 'next-account',
  },
  {
    statuses: [400, 403],
    message: /organization (?:has been|is) (?:disabled|on hold)/i,
    code: /organization_(?:on_hold|disabled)/i,
    verdict: { code: 'organization_disabled', reason: 'Its organization is switched off by the provider' },
    until: whenUserActs,
    attention: true,
    action: 'next-account',
    hide: true,
  },
  {
    statuses: [403],
    message:
      /api key authentication is disabled|disabled (?:claude )?subscription access|subscription access .*disabled/i,
    verdict: { code: 'access_disabled', reason: 'Its organization does not allow this kind of access' },
    until: whenUserActs,
    attention: true,
    action: 'next-account',
    hide: true,
  },
  {
    statuses: [401, 403],
    message: /oauth authentication is (?:currently )?not allowed for this organi[sz]ation/i,
    verdict: { code: 'access_disabled', reason: 'Its organization does not allow logins at present' },
    // "Currently", and said of plans that have ended too: it may pass without the user doing anything here.
    until: afterMoneyRest,
    attention: true,
    action: 'next-account',
    hide: true,
  },
  {
    statuses: [400, 403, 429],
    message: /third-party apps now draw from your extra usage|you're out of extra usage/i,
    verdict: { code: 'extra_usage_needed', reason: 'The provider asks for paid extra usage on this account' },
    until: afterMoneyRest,
    attention: true,
    action: 'deliver',
    yieldsToWindow: true,
  },
  {
    statuses: [402],
    verdict: { code: 'billing', reason: 'The provider cannot bill this account' },
    until: afterMoneyRest,
    attention: true,
    action: 'next-account',
  },
];

/** Money, holds and switched-off organizations: the account rests and, mostly, another is tried. */
export const accountFault: Rule = (answer, context) => {
  const fault = FAULTS.find((candidate) => matches(candidate, answer));
  if (fault === undefined) return null;
  if (fault.yieldsToWindow === true && namesSpentWindow(answer, context.now)) return null;
  return verdictOf(fault, answer, context);
};

function matches(fault: Fault, { status, error }: Answer): boolean {
  if (!fault.statuses.includes(status)) return false;
  if (fault.message === undefined && fault.code === undefined) return true;
  if (error === null) return false;
  return fault.message?.test(error.message) === true || fault.code?.test(error.code ?? '') === true;
}

function verdictOf(fault: Fault, answer: Answer, { now }: ClassifyContext): Verdict {
  return {
    scope: 'account',
    action: fault.action,
    ...fault.verdict,
    cooldown: {
      bucket: '*',
      until: fault.until(answer, now),
      evidence: evidenceOf(answer, ['retry-after', 'x-should-retry']),
      attention: fault.attention,
    },
    ...(fault.hide === true && answer.status !== 400 ? { hideFromClient: true } : {}),
  };
}

const REGAIN = /(?:regain access|reset|resets) on (\d{4}-\d{2}-\d{2})(?: at (\d{2}:\d{2}))?/i;

/** The day the provider names, else the first of the next month in UTC, when spend limits begin anew. */
function statedDate({ error }: Answer, now: number): number {
  const match = REGAIN.exec(error?.message ?? '');
  const stated = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00'}:00Z`);
  if (stated > now) return stated;
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
