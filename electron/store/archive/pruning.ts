import type { Database } from 'better-sqlite3';

/** Rows removed in one transaction, so that writing is never held up for long. */
const PRUNE_BATCH = 500;

/** Free pages given back to the file system in one step: 2 MB at 4 kB each. */
const RELEASE_PAGES = 500;

/** Steps of removing old requests. Each is short; the caller yields between them. Rollups stay. */
export type Pruning = {
  /** Removes up to 500 requests that started before `before`, oldest first; answers how many. */
  removeBefore(before: number): number;
  /** Bytes in pages that hold something. */
  usedBytes(): number;
  /** Gives some free pages back; false when there are no more. */
  releasePages(): boolean;
};

/** See {@link Pruning}. `onRemoved` hears the number of removed rows. */
export function createPruning(db: Database, onRemoved: (rows: number) => void): Pruning {
  const remove = db.prepare<[before: number, limit: number]>(
    `DELETE FROM requests WHERE seq IN (
      SELECT seq FROM requests INDEXED BY requests_by_time WHERE started_at < ? ORDER BY started_at, id LIMIT ?
    )`,
  );
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }));
  return {
    removeBefore(before) {
      const { changes } = remove.run(before, PRUNE_BATCH);
      onRemoved(changes);
      return changes;
    },
    usedBytes: () => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size'),
    releasePages() {
      if (pragma('freelist_count') === 0) return false;
      db.pragma(`incremental_vacuum(${RELEASE_PAGES})`);
      return pragma('freelist_count') > 0;
    },
  };
}
