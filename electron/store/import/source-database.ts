import Database from 'better-sqlite3';
import { AppError } from '../../core/errors.ts';
import { toImportError, unreadable } from './import-errors.ts';

/** Names under which SQLite gives a table's row number, unless a column took the name. */
const ROW_NUMBERS = ['rowid', '_rowid_', 'oid'];

/** A plain table of an old database: views and virtual tables, whose content code makes up, do not count. */
export type SourceTable = {
  /** As the schema spells it. */
  readonly name: string;
  readonly columns: ReadonlySet<string>;
  /** Expression for the row number, for pages. */
  readonly rowNumber: string;
};

/** The copy of an old database, open for reading. */
export type SourceDatabase = {
  readonly db: Database.Database;
  readonly tables: ReadonlyMap<string, SourceTable>;
  close(): void;
};

/** The least an account or a request must have to be worth anything. */
const SECRETS = ['api_key', 'refresh_token', 'access_token'];

/**
 * Opens a copy for the first time: what its log holds is brought into the database, so that it can be read without
 * writing from then on, by several threads.
 * @throws AppError `import_unreadable`, `import_newer`
 */
export function settleCopy(copy: string): void {
  withImportErrors(() => {
    const db = new Database(copy, { fileMustExist: true });
    try {
      guard(db);
      db.pragma('journal_mode = DELETE');
      requireKnown(tablesOf(db));
    } finally {
      db.close();
    }
  });
}

/** @throws AppError `import_unreadable` */
export function openSource(copy: string): SourceDatabase {
  return withImportErrors(() => {
    const db = new Database(copy, { readonly: true, fileMustExist: true });
    try {
      guard(db);
      return { db, tables: tablesOf(db), close: () => db.close() };
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Runs `work`; errors of SQLite come as ones that say what to do. */
export function withImportErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toImportError(error);
  }
}

/** The accounts table, if there is a usable one. */
export function accountTable({ tables }: Pick<SourceDatabase, 'tables'>): SourceTable | undefined {
  const table = tables.get('accounts');
  const has = (name: string): boolean => table?.columns.has(name) ?? false;
  return has('id') && has('name') && SECRETS.some(has) ? table : undefined;
}

/** The table of requests, if there is a usable one. */
export function requestTable({ tables }: Pick<SourceDatabase, 'tables'>): SourceTable | undefined {
  const table = tables.get('requests');
  return table?.columns.has('id') && table.columns.has('timestamp') ? table : undefined;
}

/** A name of a foreign schema inside a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A foreign schema can name functions and hold broken pages. */
function guard(db: Database.Database): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
}

function tablesOf(db: Database.Database): Map<string, SourceTable> {
  const list = db.prepare<[], { name: string }>(
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0
     AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 200`,
  );
  const columnsOf = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  return new Map(list.all().flatMap(({ name }) => entryOf(name, columnsOf.all(name))));
}

function entryOf(name: string, columns: string[]): [string, SourceTable][] {
  const lower = new Set(columns.map((column) => column.toLowerCase()));
  const rowNumber = ROW_NUMBERS.find((candidate) => !lower.has(candidate));
  return rowNumber === undefined ? [] : [[name.toLowerCase(), { name, columns: lower, rowNumber }]];
}

function requireKnown(tables: Map<string, SourceTable>): void {
  if (accountTable({ tables }) || requestTable({ tables })) return;
  if (tables.has('accounts') && tables.has('requests')) {
    throw new AppError(
      'import_newer',
      'That database was written by another version of the program than this app knows. Look for a newer version of this app; nothing was changed.',
    );
  }
  throw unreadable(
    'That database has neither accounts nor requests of ccflare or better-ccflare in it. If the old program stopped in the middle of an update, start it once more and try again.',
  );
}
