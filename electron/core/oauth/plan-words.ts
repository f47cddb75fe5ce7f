type Optional<T> = T | null | undefined;

/** What a profile says about the person's plans. */
type PlanOfAccount = Optional<{ has_claude_max?: Optional<boolean>; has_claude_pro?: Optional<boolean> }>;

/** What a profile says about the organisation the login belongs to. */
type PlanOfOrganization = Optional<{
  organization_type?: Optional<string>;
  rate_limit_tier?: Optional<string>;
}>;

/** Kinds of organisation by their names on the wire (`claude_max`, `claude_team`, `api_individual`...). */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/enterprise/, 'Enterprise'],
  [/team/, 'Team'],
  [/max/, 'Max'],
  [/pro\b/, 'Pro'],
  [/^api/, 'API'],
  [/free/, 'Free'],
];

/**
 * The plan in plain words such as `Max 5x`, `Pro`, `Team`; null when the profile says too little. The organisation
 * goes first: a person with a Max plan of their own may be signed in to a team.
 */
export function planWords(account: PlanOfAccount, organization: PlanOfOrganization): string | null {
  const type = (organization?.organization_type ?? '').toLowerCase().replaceAll('_', ' ');
  const tier = (organization?.rate_limit_tier ?? '').toLowerCase();
  const named = TYPES.find(([pattern]) => pattern.test(type))?.[1];
  const plan = named ?? (account?.has_claude_max || /_max_/.test(tier) ? 'Max' : null);
  if (plan === 'Max') return `Max ${/_max_(\d{1,3}x)/.exec(tier)?.[1] ?? ''}`.trim();
  return plan ?? (account?.has_claude_pro ? 'Pro' : null);
}
