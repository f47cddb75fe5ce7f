import { z } from 'zod';
import { apiKeySchema } from '../../../shared/account.ts';
import type { Identity } from '../../../shared/sign-in.ts';
import { plainWords } from './plain-words.ts';
import { planWords } from './plan-words.ts';
import { OAUTH_BETA, type ProviderAnswer, type ProviderRequest } from './provider-request.ts';
import { readRefusal, refusalSentence } from './token-errors.ts';

/** Whose login it is, or why that is not known. */
export type ProfileAnswer =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** The token may not read it, as with a long-lived one; not the account's fault. */
  | { readonly kind: 'scope-missing' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A new API key of the login's organisation, or why there is none. */
export type CreatedKey =
  | { readonly ok: true; readonly apiKey: string }
  | { readonly ok: false; readonly reached: boolean; readonly reason: string };

/** The two questions about a login. Neither throws; `apiUrl` is the API's address, `token` an access token. */
export type AccountApi = {
  profile(apiUrl: string, token: string): Promise<ProfileAnswer>;
  createApiKey(apiUrl: string, token: string): Promise<CreatedKey>;
};

const id = z.string().min(1).max(200).nullish().catch(null);
const words = z.string().max(1000).nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const profileSchema = z.object({
  account: z
    .object({ uuid: id, email: words, has_claude_max: flag, has_claude_pro: flag })
    .nullish()
    .catch(null),
  organization: z
    .object({ uuid: id, name: words, organization_type: words, rate_limit_tier: words })
    .nullish()
    .catch(null),
});

const createdKeySchema = z.object({ raw_key: apiKeySchema });

/** See {@link AccountApi}. */
export function createAccountApi(request: ProviderRequest): AccountApi {
  return {
    async profile(apiUrl, token) {
      const url = addressOf(apiUrl, '/api/oauth/profile');
      return readProfile(await request({ method: 'GET', url, headers: bearer(token) }), token);
    },
    async createApiKey(apiUrl, token) {
      const url = addressOf(apiUrl, '/api/oauth/claude_cli/create_api_key');
      const headers = { ...bearer(token), 'content-type': 'application/x-www-form-urlencoded' };
      return readCreatedKey(await request({ method: 'POST', url, headers, body: '' }), token);
    },
  };
}

function addressOf(apiUrl: string, path: string): string {
  return apiUrl.replace(/\/+$/, '') + path;
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'anthropic-beta': OAUTH_BETA };
}

function readProfile(answer: ProviderAnswer, token: string): ProfileAnswer {
  if (answer.kind !== 'answer') return { kind: 'failed', reason: unheard(answer.kind) };
  const { status, body } = answer;
  if (status === 403 && /scope requirement/i.test(readRefusal(body).words)) return { kind: 'scope-missing' };
  if (status !== 200)
    return { kind: 'failed', reason: refusalSentence('The profile', status, body, [token]) };
  const parsed = profileSchema.safeParse(body);
  if (!parsed.success) return { kind: 'failed', reason: 'The profile could not be read.' };
  const { account, organization } = parsed.data;
  const identity = {
    accountId: tidy(account?.uuid),
    email: tidy(account?.email),
    organizationId: tidy(organization?.uuid),
    organizationName: tidy(organization?.name),
    plan: planWords(account, organization),
  };
  return { kind: 'identity', identity };
}

function readCreatedKey(answer: ProviderAnswer, token: string): CreatedKey {
  if (answer.kind !== 'answer') return { ok: false, reached: false, reason: unheard(answer.kind) };
  const { status, body } = answer;
  const parsed = createdKeySchema.safeParse(body);
  if (status === 200 && parsed.success) return { ok: true, apiKey: parsed.data.raw_key };
  const reason =
    status === 200
      ? 'The provider sent an API key that could not be read.'
      : refusalSentence('The provider', status, body, [token]);
  return { ok: false, reached: true, reason };
}

function unheard(kind: 'timeout' | 'unreachable'): string {
  return kind === 'timeout' ? 'The provider did not answer in time.' : 'The provider could not be reached.';
}

function tidy(text: string | null | undefined): string | null {
  return plainWords(text ?? '', 200) || null;
}
