import type { Database } from 'better-sqlite3';
import type { SettingsStore } from '../core/store-ports.ts';

/** Settings in `ccflare.db`: one row per key, so that one bad value harms no other. */
export function createSettingsStore(db: Database): SettingsStore {
  const list = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings');
  const put = db.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const putAll = db.transaction((entries: ReadonlyMap<string, string>) => {
    for (const [key, value] of entries) put.run(key, value);
  });
  return {
    list: () => new Map(list.all().map(({ key, value }) => [key, value])),
    put: (entries) => putAll.immediate(entries),
  };
}
