import { textOf, timeOf } from './old-values.ts';
import { quoted, type SourceDatabase, withImportErrors } from './source-database.ts';
import { selectList } from './source-rows.ts';

/** Preferences that are read; nobody has more agents. */
const MAX_PREFERENCES = 5000;

const WANTED = { agent_id: 200, model: 200, updated_at: 'number' } as const;

/** Model that a user chose for an agent. */
export type SourcePreference = {
  readonly agentId: string;
  readonly model: string;
  /** UTC ms; 0 when the old program did not say. */
  readonly updatedAt: number;
};

/** @throws AppError `import_unreadable` when the table is damaged */
export function readAgentPreferences(source: SourceDatabase): SourcePreference[] {
  const table = source.tables.get('agent_preferences');
  if (!table) return [];
  const rows = withImportErrors(() =>
    source.db
      .prepare<[], { readonly [column in keyof typeof WANTED]: unknown }>(
        `SELECT ${selectList(table, WANTED)} FROM ${quoted('agent_preferences')} LIMIT ${MAX_PREFERENCES}`,
      )
      .all(),
  );
  return rows.flatMap((row) => {
    const agentId = textOf(row.agent_id, 200);
    const model = textOf(row.model, 200);
    return agentId === null || model === null
      ? []
      : [{ agentId, model, updatedAt: timeOf(row.updated_at) ?? 0 }];
  });
}
