import {
  DEFAULT_SETTINGS,
  type SettingKey,
  type Settings,
  type SettingsPatch,
  settingsPatchSchema,
  settingsSchema,
} from '../../../shared/settings.ts';
import { AppError } from '../errors.ts';
import type { EventLog, Logger, SettingsSource } from '../ports.ts';
import type { SettingsStore } from '../store-ports.ts';
import { VARIABLES, variableValue } from './environment.ts';

/** Settings that can be changed. */
export type SettingsRoom = SettingsSource & {
  /**
   * Stores the given settings and answers all of them as they are in force. One that the environment overrides is
   * stored and counts once the variable is gone.
   * @throws AppError `invalid_input` naming the setting
   */
  patch(change: SettingsPatch): Settings;
  /** Settings that an environment variable decides in this run. */
  overridden(): ReadonlySet<SettingKey>;
};

type Listener = Parameters<SettingsSource['onChange']>[0];

/**
 * Reads settings from the store, then from the environment. A value that does not fit its bounds is reported and
 * falls back (a row to the default, a variable to what is stored); neither stops the start.
 */
export function createSettings(deps: {
  store: SettingsStore;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  events?: EventLog;
}): SettingsRoom {
  const report = reporter(deps.log, deps.events);
  const stored = readRows(deps.store, report);
  const forced = readEnvironment(deps.env, report);
  const listeners = new Set<Listener>();
  let current: Settings = settingsSchema.parse({ ...stored, ...forced });

  return {
    current: () => current,
    overridden: () => new Set(Object.keys(forced) as SettingKey[]),
    patch(change) {
      const wanted = parsePatch(change);
      const news = Object.entries(wanted).filter(([key, value]) => stored[key as SettingKey] !== value);
      if (news.length > 0) deps.store.put(new Map(news.map(([key, value]) => [key, JSON.stringify(value)])));
      Object.assign(stored, wanted);
      const before = current;
      current = settingsSchema.parse({ ...stored, ...forced });
      const changed = changedKeys(before, current);
      if (changed.size > 0) for (const listener of [...listeners]) listener(current, changed);
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

type Report = (what: string, message: string) => void;

function reporter(log: Logger, events: EventLog | undefined): Report {
  return (what, message) => {
    log.warn('setting_ignored', { setting: what });
    events?.add({ level: 'warn', code: 'setting_ignored', message });
  };
}

/** Rows of settings that this version does not know stay where they are. */
function readRows(store: SettingsStore, report: Report): Partial<Settings> {
  const values: Partial<Settings> = {};
  for (const [key, text] of store.list()) {
    if (!isSetting(key)) continue;
    const value = parseRow(key, text);
    if (value === undefined) {
      report(key, `The stored setting "${key}" is not valid, so its default is used.`);
    } else {
      Object.assign(values, { [key]: value });
    }
  }
  return values;
}

function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  report: Report,
): Partial<Settings> {
  const values: Partial<Settings> = {};
  for (const [variable, key] of Object.entries(VARIABLES)) {
    const text = env[variable];
    if (text === undefined || text.trim() === '') continue;
    const parsed = settingsSchema.shape[key].safeParse(variableValue(key, text) ?? null);
    if (parsed.success) Object.assign(values, { [key]: parsed.data });
    else report(variable, `The environment variable ${variable} has no valid value, so it is ignored.`);
  }
  return values;
}

function parseRow(key: SettingKey, text: string): unknown {
  try {
    const parsed = settingsSchema.shape[key].safeParse(JSON.parse(text) ?? null);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function parsePatch(change: SettingsPatch): SettingsPatch {
  const parsed = settingsPatchSchema.safeParse(change);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.path.join('.') ?? '';
  throw new AppError(
    'invalid_input',
    name === '' ? 'There is no such setting.' : `The setting "${name}" has no valid value.`,
  );
}

function isSetting(key: string): key is SettingKey {
  return Object.hasOwn(DEFAULT_SETTINGS, key);
}

function changedKeys(before: Settings, after: Settings): Set<SettingKey> {
  const keys = Object.keys(after) as SettingKey[];
  return new Set(keys.filter((key) => before[key] !== after[key]));
}
