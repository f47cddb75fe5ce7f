import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { makePrivateFile, makePrivateFolder } from './private-files.ts';
import { damaged, toDatabaseError } from './sqlite-error.ts';

/** How long a statement waits for another connection's lock, ms. */
const BUSY_TIMEOUT_MS = 5000;

/** What differs between the two database files. */
export type OpenDatabaseOptions = {
  /** Zero what is deleted, so that removed secrets do not stay in free pages. Default false. */
  readonly secureDelete?: boolean;
  /** Read the whole file once for damage; only for small files. Default false. */
  readonly check?: boolean;
};

/**
 * Opens or makes a database with the settings that every file of ours has: WAL, foreign keys, no trust in functions
 * that a foreign schema might call, mode 0600 in a folder of mode 0700. `synchronous` is FULL: rotated tokens must
 * survive a power loss, since the provider no longer knows the old ones. Files that can lose their last second may
 * lower it afterwards.
 * @throws AppError `database_damaged`, `database_busy` or `data_dir_unusable`.
 */
export function openDatabase(file: string, options: OpenDatabaseOptions = {}): Database.Database {
  let db: Database.Database | null = null;
  try {
    makePrivateFolder(dirname(file));
    makePrivateFile(file);
    db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    configure(db, options);
    check(db, basename(file), options.check ?? false);
    return db;
  } catch (error) {
    db?.close();
    throw toDatabaseError(error, basename(file));
  }
}

function configure(db: Database.Database, options: OpenDatabaseOptions): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma(`secure_delete = ${options.secureDelete ? 'ON' : 'OFF'}`);
}

/** Reading the schema finds files that are no database; the full check also finds broken pages. */
function check(db: Database.Database, name: string, whole: boolean): void {
  db.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
  if (whole && db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(name);
}
