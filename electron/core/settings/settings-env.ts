import { type SettingKey, settingsSchema } from '../../../shared/settings.ts';

/** Words may be written in any case; of other texts each letter counts. */
type Form = 'word' | 'text' | 'number';

/** Environment variables that set a setting for one run, the ones users of the command-line proxy know. */
const VARIABLES: readonly (readonly [variable: string, key: SettingKey, form: Form])[] = [
  ['LB_STRATEGY', 'strategy', 'word'],
  ['CLIENT_ID', 'oauthClientId', 'text'],
  ['RETRY_ATTEMPTS', 'retryAttempts', 'number'],
  ['RETRY_DELAY_MS', 'retryDelayMs', 'number'],
  ['RETRY_BACKOFF', 'retryBackoff', 'number'],
  ['SESSION_DURATION_MS', 'sessionDurationMs', 'number'],
  ['PORT', 'port', 'number'],
  ['LOG_LEVEL', 'logLevel', 'word'],
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
  for (const [variable, key, form] of VARIABLES) {
    const text = env[variable]?.trim() ?? '';
    if (text === '') continue;
    const parsed = settingsSchema.shape[key].safeParse(inForm(text, form));
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

function inForm(text: string, form: Form): string | number {
  if (form === 'number') return Number(text);
  return form === 'word' ? text.toLowerCase() : text;
}
