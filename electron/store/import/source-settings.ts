import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { ImportPreview } from '../../../shared/import.ts';
import {
  type SettingKey,
  type Settings,
  type SettingsPatch,
  settingsSchema,
} from '../../../shared/settings.ts';

/** Larger than any honest settings file, bytes. */
const MAX_BYTES = 256 * 1024;

/** Keys of the old settings file that carry over, ours, and what a person should know before. */
const CARRIED: readonly (readonly [old: string, key: SettingKey, note: string | null])[] = [
  ['lb_strategy', 'strategy', null],
  ['retry_attempts', 'retryAttempts', null],
  ['retry_delay_ms', 'retryDelayMs', null],
  ['retry_backoff', 'retryBackoff', null],
  ['session_duration_ms', 'sessionDurationMs', null],
  ['request_retention_days', 'requestRetentionDays', null],
  ['client_id', 'oauthClientId', null],
  [
    'port',
    'port',
    'Only once the old program is stopped can this app listen there; until then its present port stays.',
  ],
];

/** Keys that nothing here corresponds to. */
const LEFT: { readonly [old: string]: string } = {
  default_agent_model: 'Models are chosen per agent.',
  data_retention_days: 'Bodies of requests are not imported.',
};

/** Balancing that has another name here. */
const STRATEGIES = new Map<unknown, unknown>([
  ['session-affinity', 'session'],
  ['session-drain-soonest', 'drain-soonest'],
  ['least-requests', 'least-used'],
]);

/** What settings carry over: values to store, and how to show them. */
export type SettingsPlan = {
  readonly patch: SettingsPatch;
  readonly settings: ImportPreview['settings'];
  readonly skipped: ImportPreview['skipped'];
};

const fileSchema = z.record(z.string(), z.unknown());

/** The old settings file; null when there is none that can be read. Never throws: settings are a courtesy. */
export async function readOldSettings(file: string): Promise<Record<string, unknown> | null> {
  try {
    const text = await readBounded(file);
    return fileSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}

/** A named pipe would be waited for, so only plain files are read. */
async function readBounded(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > MAX_BYTES) throw new Error('no settings file');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Compares old settings with ours. What is so already is not mentioned; what is out of our bounds or decided by a
 * variable in this run stays behind with the reason.
 */
export function planSettings(
  old: Record<string, unknown> | null,
  here: { readonly current: Settings; readonly overridden: ReadonlyMap<SettingKey, string> },
): SettingsPlan {
  const patch: Record<string, unknown> = {};
  const settings: ImportPreview['settings'] = [];
  const skipped: ImportPreview['skipped'] = [];
  for (const [name, key, note] of CARRIED) {
    const value = old?.[name];
    if (value === undefined || value === null || value === '') continue;
    const parsed = settingsSchema.shape[key].safeParse(ours(value, here.current[key]));
    const variable = here.overridden.get(key);
    if (!parsed.success) skipped.push({ what: `Setting ${name}`, count: 1, reason: reasonFor(key) });
    else if (variable !== undefined) {
      const reason = `The environment variable ${variable} decides it in this run.`;
      skipped.push({ what: `Setting ${name}`, count: 1, reason });
    } else if (parsed.data !== here.current[key]) {
      patch[key] = parsed.data;
      settings.push({ key, value: String(parsed.data), note });
    }
  }
  for (const [name, reason] of Object.entries(LEFT)) {
    if (old?.[name] !== undefined) skipped.push({ what: `Setting ${name}`, count: 1, reason });
  }
  return { patch, settings, skipped };
}

/** People write numbers as text. */
function ours(value: unknown, like: unknown): unknown {
  if (typeof like === 'number' && typeof value === 'string') return Number(value);
  return STRATEGIES.get(value) ?? value;
}

function reasonFor(key: SettingKey): string {
  return key === 'strategy'
    ? 'There is no balancing of that name here.'
    : 'Its value is outside of what is allowed here.';
}
