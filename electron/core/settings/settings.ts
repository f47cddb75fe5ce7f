import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_SETTINGS,
  type SettingKey,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
  settingsSchema,
} from '../../../shared/settings.ts';
import { AppError } from '../errors.ts';
import type { Logger, SettingsSource } from '../ports.ts';
import type { SettingsStore } from '../store-ports.ts';
import { settingsFromEnv } from './settings-env.ts';

/** The settings of this run: stored rows, with the environment's values in front for as long as it runs. */
export type SettingsBook = SettingsSource & {
  /**
   * Stores the change and tells the listeners which keys really changed. Answers all settings.
   * @throws AppError `invalid_input` naming field and bound; `conflict` when a variable sets the field for this run.
   */
  patch(change: SettingsPatch): Settings;
  /** Settings that an environment variable decides in this run, and which one. */
  readonly overridden: ReadonlyMap<SettingKey, string>;
  /** Sentences about variables that were ignored, for the window. */
  readonly problems: readonly string[];
};

/** Reads the stored rows; one that no longer fits falls back to its default and is logged, never fatal. */
export function createSettings(deps: {
  store: SettingsStore;
  env: Record<string, string | undefined>;
  log: Logger;
}): SettingsBook {
  const env = settingsFromEnv(deps.env);
  for (const problem of env.problems) deps.log.warn('setting_variable_ignored', { problem });
  const listeners = new Set<Parameters<SettingsSource['onChange']>[0]>();
  let current = settingsSchema.parse({ ...readStored(deps.store, deps.log), ...env.values });

  function patch(change: SettingsPatch): Settings {
    const wanted = parsePatch(change);
    refuseOverridden(wanted, env.overridden);
    const changed = changedKeys(current, wanted);
    if (changed.size === 0) return current;
    deps.store.put(new Map([...changed].map((key) => [key, JSON.stringify(wanted[key])])));
    current = settingsSchema.parse({ ...current, ...wanted });
    for (const listener of [...listeners]) notify(listener, changed);
    return current;
  }

  /** One listener that fails must not keep the others from hearing of a change that is already stored. */
  function notify(listener: Parameters<SettingsSource['onChange']>[0], changed: Set<SettingKey>): void {
    try {
      listener(current, changed);
    } catch (error) {
      deps.log.error('settings_listener_failed', {
        error: error instanceof Error ? error.message : 'unknown',
      });
    }
  }

  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    patch,
    overridden: env.overridden,
    problems: env.problems,
  };
}

const KEYS = Object.keys(settingsSchema.shape) as SettingKey[];

function readStored(store: SettingsStore, log: Logger): Settings {
  const rows = store.list();
  const values: Record<string, unknown> = {};
  for (const key of KEYS) {
    const text = rows.get(key);
    if (text === undefined) continue;
    const value = parseJson(text);
    if (settingsSchema.shape[key].safeParse(value).success && value !== undefined) values[key] = value;
    else log.warn('setting_row_ignored', { key, using: String(DEFAULT_SETTINGS[key]) });
  }
  return settingsSchema.parse(values);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsePatch(change: SettingsPatch): SettingsPatch {
  const parsed = settingsPatchSchema.safeParse(change);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'settings';
  throw new AppError(
    'invalid_input',
    `The setting "${field}" was not changed: ${issue?.message ?? 'invalid'}.`,
  );
}

function refuseOverridden(change: SettingsPatch, overridden: ReadonlyMap<SettingKey, string>): void {
  for (const key of KEYS) {
    const variable = overridden.get(key);
    if (variable === undefined || change[key] === undefined) continue;
    const words = `The environment variable ${variable} sets "${key}" in this run. Remove it and start the app again to change the setting here.`;
    throw new AppError('conflict', words);
  }
}

function changedKeys(current: Settings, wanted: SettingsPatch): Set<SettingKey> {
  return new Set(
    KEYS.filter((key) => wanted[key] !== undefined && !isDeepStrictEqual(wanted[key], current[key])),
  );
}
