import { type SettingKey, settingsSchema } from '../../../shared/settings.ts';

/** Environment variables that set a setting for one run, the ones users of the command-line proxy know. */
const VARIABLES: readonly (readonly [variable: string, key: SettingKey, numeric: boolean])[] = [
  ['LB_STRATEGY', 'strategy', false],
  ['RETRY_ATTEMPTS', 'retryAttempts', true],
  ['RETRY_DELAY_MS', 'retryDelayMs', true],
  ['RETRY_BACKOFF', 'retryBackoff', true],
  ['SESSION_DURATION_MS', 'sessionDurationMs', true],
  ['PORT', 'port', true],
  ['LOG_LEVEL', 'logLevel', false],
];

/** What the environment says: values that fit, which variable each came from, and what was wrong with the rest. */
export type SettingsFromEnv = {
  /** Each already parsed by its setting's own schema. */
  readonly values: { readonly [key in SettingKey]?: unknown };
  readonly overridden: ReadonlyMap<SettingKey, string>;
  readonly problems: readonly string[];
};

/** Reads the variables; one that is empty counts as not set, one out of bounds is named and ignored. */
export function settingsFromEnv(env: Record<string, string | undefined>): SettingsFromEnv {
  const values: { [key in SettingKey]?: unknown } = {};
  const overridden = new Map<SettingKey, string>();
  const problems: string[] = [];
  for (const [variable, key, numeric] of VARIABLES) {
    const text = env[variable]?.trim() ?? '';
    if (text === '') continue;
    const parsed = settingsSchema.shape[key].safeParse(numeric ? Number(text) : text.toLowerCase());
    if (parsed.success) {
      values[key] = parsed.data;
      overridden.set(key, variable);
    } else {
      const expected = parsed.error.issues[0]?.message ?? 'invalid value';
      problems.push(`The environment variable ${variable} was ignored (${key}: ${expected}).`);
    }
  }
  return { values, overridden, problems };
}
