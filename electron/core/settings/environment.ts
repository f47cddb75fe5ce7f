import type { SettingKey } from '../../../shared/settings.ts';

/** Environment variables that win over stored settings, under the names that users of the old proxy know. */
export const VARIABLES: Readonly<Record<string, SettingKey>> = {
  LB_STRATEGY: 'strategy',
  RETRY_ATTEMPTS: 'retryAttempts',
  RETRY_DELAY_MS: 'retryDelayMs',
  RETRY_BACKOFF: 'retryBackoff',
  SESSION_DURATION_MS: 'sessionDurationMs',
  PORT: 'port',
  LOG_LEVEL: 'logLevel',
};

const WORDS: ReadonlySet<SettingKey> = new Set<SettingKey>(['strategy', 'logLevel']);

/** The value as the schema wants it: names in lower case, everything else as a plain decimal number. */
export function variableValue(key: SettingKey, text: string): unknown {
  const trimmed = text.trim();
  if (WORDS.has(key)) return trimmed.toLowerCase();
  return /^\d{1,15}(\.\d{1,6})?$/.test(trimmed) ? Number(trimmed) : undefined;
}
