import { basename } from 'node:path';
import type { Database } from 'better-sqlite3';
import { AppError } from '../core/errors.ts';
import { toDatabaseError } from './sqlite-error.ts';

/** One step of the schema. Steps that were once released never change. */
export type Migration = {
  /** 1, 2, 3... without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
};

/**
 * Brings the schema up to the last of `migrations`, each in a transaction of its own together with its number in
 * `user_version`; a step that fails leaves the file as it was before that step and stops the start.
 * @throws AppError `database_newer` when a newer version of the app wrote the file (which is left alone),
 * `database_damaged`, `database_busy` or `data_dir_unusable`; Error when the list itself is out of order.
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  requireOrder(migrations);
  const name = basename(db.name);
  refuseNewer(versionOf(db), migrations.length, name);
  for (const migration of migrations) {
    try {
      apply(db, migration, migrations.length, name);
    } catch (error) {
      throw explain(error, migration, name);
    }
  }
}

function requireOrder(migrations: readonly Migration[]): void {
  migrations.forEach(({ version, name }, index) => {
    if (version !== index + 1) throw new Error(`migration ${version} (${name}) is out of order`);
  });
}

/** The number is read again inside the transaction: another process may have been faster. */
function apply(db: Database, migration: Migration, known: number, name: string): void {
  if (versionOf(db) >= migration.version) return;
  const step = db.transaction(() => {
    const version = versionOf(db);
    refuseNewer(version, known, name);
    if (version >= migration.version) return;
    db.exec(migration.sql);
    db.pragma(`user_version = ${migration.version}`);
  });
  step.immediate();
}

function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function refuseNewer(version: number, known: number, name: string): void {
  if (version <= known) return;
  throw new AppError(
    'database_newer',
    `${name} was written by a newer version of the app (schema ${version}, this version knows ${known}). Install the newer version again; nothing was changed.`,
  );
}

/** An SQL error here means that the tables are not the ones this app made. */
function explain(error: unknown, migration: Migration, name: string): unknown {
  const known = toDatabaseError(error, name);
  if (known instanceof AppError) return known;
  return new AppError(
    'database_damaged',
    `${name} could not be brought up to date (step ${migration.version}: ${migration.name}) and was left as it was. Move it out of the data folder to begin with an empty one, or report the problem.`,
    error,
  );
}
