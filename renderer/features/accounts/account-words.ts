import { type AccountView, DEFAULT_BASE_URL } from '../../../shared/account.ts';

/** "API key …a1b2, priority 10", "Subscription Max 5x, priority 0". */
export function kindWords({ kind, token, plan, credentialHint, priority }: AccountView): string {
  const hint = credentialHint === null ? '' : ` …${credentialHint}`;
  if (kind === 'api-key') return `API key${hint}, priority ${priority}`;
  const login = token !== null && !token.renewable ? 'Subscription by setup token' : 'Subscription';
  return `${login}${plan === null ? '' : ` ${plan}`}, priority ${priority}`;
}

/** "sam@example.com, Example"; null when the provider said neither. */
export function ownerWords({ email, organizationName }: AccountView): string | null {
  const parts = [email, organizationName].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

/** Where requests go and what is changed on the way; null for the provider itself, unchanged. */
export function endpointWords({ kind, baseUrl, headerStyle, modelMap }: AccountView): string | null {
  const names = Object.keys(modelMap).length;
  const parts = [
    baseUrl === DEFAULT_BASE_URL ? null : baseUrl,
    kind === 'api-key' && headerStyle === 'bearer' ? 'key as Authorization: Bearer' : null,
    names === 0 ? null : `${names} model ${names === 1 ? 'name' : 'names'} changed`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}
