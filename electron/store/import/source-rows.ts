import { setImmediate } from 'node:timers/promises';
import { quoted, type SourceDatabase, type SourceTable, withImportErrors } from './source-database.ts';

/** Rows that are looked at in one go when counting, so that other work of the thread gets its turn. */
const COUNT_PAGE = 20_000;

/** Numbers in columns; text there may be of any length. */
export const asNumber = (column: string): string =>
  `CASE typeof(${column}) WHEN 'integer' THEN ${column} WHEN 'real' THEN ${column}
    WHEN 'text' THEN substr(${column}, 1, 40) END`;

/** Text in columns, cut where it is read; ids were numbers in some versions. */
const asText = (column: string, maxLength: number): string =>
  `CASE WHEN typeof(${column}) <> 'blob' THEN substr(${column}, 1, ${maxLength}) END`;

/** SELECT list of the columns that there are; the others are null. Cells are not trusted to be of any type. */
export function selectList(
  { columns }: SourceTable,
  wanted: { readonly [column: string]: 'number' | number },
): string {
  return Object.entries(wanted)
    .map(([column, kind]) => {
      if (!columns.has(column)) return `NULL AS ${column}`;
      return `${kind === 'number' ? asNumber(column) : asText(column, kind)} AS ${column}`;
    })
    .join(', ');
}

/**
 * Sums over a whole table in pages. `sums` are aggregate expressions over `columns`; `add` gets each page's row.
 * @throws AppError `import_unreadable` when the table is damaged
 */
export async function sumPages(
  source: SourceDatabase,
  name: string,
  query: { columns: string; sums: string; parameters?: readonly number[] },
  add: (page: Record<string, unknown>) => void,
): Promise<void> {
  const table = source.tables.get(name);
  if (!table) return;
  const page = source.db.prepare<unknown[], Record<string, unknown> & { last: number | null }>(
    `SELECT MAX(row_number) AS last, ${query.sums} FROM (
      SELECT ${table.rowNumber} AS row_number, ${query.columns} FROM ${quoted(table.name)}
      WHERE ${table.rowNumber} > ? ORDER BY ${table.rowNumber} LIMIT ${COUNT_PAGE})`,
  );
  let after: number | null = Number.MIN_SAFE_INTEGER;
  while (after !== null) {
    const from: number = after;
    const found = withImportErrors(() => page.get(...(query.parameters ?? []), from));
    after = found?.last ?? null;
    // Beyond 2^53 numbers are rounded, so that a page would come again and again.
    if (after !== null && after <= from) return;
    if (found && after !== null) add(found);
    await setImmediate();
  }
}

/** How many rows a table has; 0 when there is no such table. */
export async function countRows(source: SourceDatabase, name: string): Promise<number> {
  let count = 0;
  await sumPages(source, name, { columns: '1', sums: 'COUNT(*) AS count' }, (page) => {
    count += Number(page.count);
  });
  return count;
}
