import { setImmediate } from 'node:timers/promises';
import type { RequestRecord } from '../../../shared/request-record.ts';
import { readSourceAccounts } from '../import/account-rows.ts';
import { type OldRequest, requestPages } from '../import/request-pages.ts';
import { type RequestAccount, toRecord } from '../import/request-record.ts';
import type { SourceDatabase } from '../import/source-database.ts';
import { failureKind } from './sqlite-failure.ts';

/** Rows per transaction: short enough that live records and queries of this thread hardly wait. */
const BATCH = 500;

/** How far an import of the history is. */
export type HistoryCounts = {
  /** Rows written. */
  added: number;
  /** Rows that are here from an earlier import, or were and have been removed since. */
  known: number;
  /** Rows that no record can be made of. */
  broken: number;
};

/** What an import of the history needs. */
export type HistoryDeps = {
  source: SourceDatabase;
  /** Id of an account there to its id here. */
  accountIds: Readonly<Record<string, string>>;
  /** See `importFloor`. */
  floor: number;
  /** One transaction; answers the records that were new. */
  write(records: readonly RequestRecord[]): readonly RequestRecord[];
  /** Told after each batch. */
  onBatch(counts: Readonly<HistoryCounts>): void;
  /** False ends it after the running batch; what is written stays. */
  mayGoOn(): boolean;
};

/**
 * Brings old requests into the request log, with their own ids: those that are there already are neither written nor
 * counted in the sums again. Between batches other work of the thread gets its turn.
 * @throws AppError `import_unreadable`; else what writing throws. What was written until then stays.
 */
export async function importHistory(deps: HistoryDeps): Promise<HistoryCounts & { cancelled: boolean }> {
  const counts: HistoryCounts = { added: 0, known: 0, broken: 0 };
  const accountOf = accountsOf(deps);
  for (const page of requestPages(deps.source, BATCH)) {
    if (!deps.mayGoOn()) return { ...counts, cancelled: true };
    const records = page.flatMap((row: OldRequest) => toRecord(row, accountOf) ?? []);
    const fresh = records.filter(({ startedAt }) => startedAt >= deps.floor);
    const { written, refused } = writeAll(deps.write, fresh);
    counts.added += written;
    counts.broken += page.length - records.length + refused;
    counts.known += records.length - written - refused;
    deps.onBatch(counts);
    await setImmediate();
  }
  return { ...counts, cancelled: false };
}

function accountsOf({ source, accountIds }: HistoryDeps): (oldId: string) => RequestAccount | undefined {
  const ids = new Map(Object.entries(accountIds));
  const accounts = new Map(
    readSourceAccounts(source).map(({ sourceId, name, kind }) => [
      sourceId,
      { id: ids.get(sourceId) ?? null, name: name.slice(0, 60) || 'Account without a name', kind },
    ]),
  );
  return (oldId) => accounts.get(oldId);
}

type Written = { written: number; refused: number };

/** A record that the table refuses must not stop the others. */
function writeAll(write: HistoryDeps['write'], records: readonly RequestRecord[]): Written {
  try {
    return { written: write(records).length, refused: 0 };
  } catch (error) {
    if (failureKind(error) !== 'record') throw error;
    if (records.length === 1) return { written: 0, refused: 1 };
    const parts = records.map((record) => writeAll(write, [record]));
    return parts.reduce((sum, part) => ({
      written: sum.written + part.written,
      refused: sum.refused + part.refused,
    }));
  }
}
