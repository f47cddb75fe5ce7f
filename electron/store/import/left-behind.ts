import type { ImportPreview } from '../../../shared/import.ts';
import { textOf } from './old-values.ts';
import type { SourceDatabase } from './source-database.ts';
import { countRows } from './source-rows.ts';

/** Tables that an import reads. */
const TAKEN = ['accounts', 'requests', 'agent_preferences'];

/** Tables that hold only the state of a running program. */
const STATE = ['strategies', 'instance_heartbeats', 'oauth_sessions'];

/** Tables that stay behind, what people call them, and why. */
const LEFT: { readonly [table: string]: readonly [what: string, reason: string] } = {
  request_payloads: [
    'Bodies of requests',
    'They hold authorization headers and keys in clear, and bodies of requests that are long gone.',
  ],
  api_keys: ['Local keys', 'The old program kept only their hashes. Make new client keys here.'],
  usage_snapshots: ['Usage readings', 'They are read anew from the provider.'],
  alerts: ['Alerts', 'There is nothing here that corresponds to them.'],
  combos: ['Combos', 'There is nothing here that corresponds to them.'],
  combo_slots: ['Places in combos', 'There is nothing here that corresponds to them.'],
  combo_family_assignments: ['Model families of combos', 'There is nothing here that corresponds to them.'],
  model_translations: ['Translations of model names', 'Model names are set per account here.'],
};

/** Unknown tables that are listed one by one; a database of another kind could have hundreds. */
const MAX_UNKNOWN = 20;

/**
 * The tables that do not come along, with their rows and the reason; empty ones are not mentioned.
 * @throws AppError `import_unreadable` when a table is damaged
 */
export async function leftBehind(source: SourceDatabase): Promise<ImportPreview['skipped']> {
  const known = Object.entries(LEFT).map(([table, [what, reason]]) => ({ table, what, reason }));
  const unknown = [...source.tables.keys()]
    .filter((name) => !TAKEN.includes(name) && !STATE.includes(name) && !Object.hasOwn(LEFT, name))
    .slice(0, MAX_UNKNOWN)
    .map((table) => ({
      table,
      what: `Table "${textOf(table, 40) ?? ''}"`,
      reason: 'This app does not know what it holds.',
    }));
  const skipped: ImportPreview['skipped'] = [];
  for (const { table, what, reason } of [...known, ...unknown]) {
    const count = await countRows(source, table);
    if (count > 0) skipped.push({ what, count, reason });
  }
  return skipped;
}
