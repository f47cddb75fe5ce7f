import { z } from 'zod';
import type { LimitReading } from '../../../shared/account.ts';
import type { ProviderAnswer } from '../oauth/provider-request.ts';
import { readRetryAfter } from './header-values.ts';
import { readUsageReport } from './usage-report.ts';

/** What a read of the provider's usage page came to. */
export type UsagePage =
  | { readonly kind: 'read'; readonly readings: readonly LimitReading[] }
  /** The token is not made for it (a set-up token): there is no page to show, and nothing wrong with the account. */
  | { readonly kind: 'no-scope' }
  /** There was nothing to ask with, so nobody was asked; a sentence for people. */
  | { readonly kind: 'not-asked'; readonly words: string }
  | {
      readonly kind: 'failed';
      readonly status: number | null;
      /** A sentence for people, without a word of the answer. */
      readonly words: string;
      /** How long the provider asks to be left alone, ms; 0 when it does not say. */
      readonly askedMs: number;
    };

const refusalSchema = z.object({ error: z.object({ message: z.string() }) });

/** Judges an answer of `GET /api/oauth/usage`. Pure; `now` in UTC ms. */
export function usagePageOf(answer: ProviderAnswer, now: number): UsagePage {
  if (answer.kind === 'timeout') return failed(null, 'The usage page did not answer in time.');
  if (answer.kind === 'unreachable') return failed(null, 'The usage page could not be reached.');
  const { status, body, headers } = answer;
  if (status === 200 && typeof body === 'object' && body !== null && !Array.isArray(body)) {
    return { kind: 'read', readings: readUsageReport(body, now) };
  }
  if (status === 403 && lacksScope(body)) return { kind: 'no-scope' };
  const until = readRetryAfter(headers, now);
  return failed(status, wordsFor(status), until === null ? 0 : until - now);
}

function failed(status: number | null, words: string, askedMs = 0): UsagePage {
  return { kind: 'failed', status, words, askedMs };
}

function lacksScope(body: unknown): boolean {
  const refusal = refusalSchema.safeParse(body);
  return refusal.success && /scope requirement/i.test(refusal.data.error.message);
}

function wordsFor(status: number): string {
  if (status === 401) return 'The provider did not accept this login for its usage page.';
  if (status === 403) return 'The provider does not let this login read its usage page.';
  if (status === 429) return 'The provider asks to read its usage page less often.';
  if (status >= 500) return `The provider's usage page is out of order (status ${status}).`;
  return `The usage page gave an answer that cannot be read (status ${status}).`;
}
