import type { ErrorView } from '../../../shared/errors.ts';
import { type ArchiveStore, openArchiveStore } from './archive-store.ts';
import { setAside } from './set-aside.ts';
import { failureKind, sqliteCode } from './sqlite-failure.ts';

/** The request log that survives damage to its file. */
export type ArchiveFile = {
  /**
   * Runs `work` on the store. When the file turns out to be damaged, it is set aside, a new one begins and `work`
   * runs once more. Throws what `work` throws otherwise.
   */
  run<T>(work: (store: ArchiveStore) => T): T;
  close(): void;
};

/**
 * Opens the request log; a damaged one is set aside and a new one begins.
 * @throws AppError `database_newer` when a newer version of the app wrote it, which is not damage.
 */
export function openArchiveFile(deps: {
  file: string;
  now: () => number;
  onSetAside: (event: { file: string; error: ErrorView }) => void;
}): ArchiveFile {
  const beginAnew = (): ArchiveStore => {
    const name = setAside(deps.file, deps.now());
    const fresh = openArchiveStore(deps.file);
    deps.onSetAside({
      file: name,
      error: {
        code: 'database_damaged',
        message: `The request log was damaged. It was set aside as ${name} and a new one begins; accounts and settings are not affected.`,
      },
    });
    return fresh;
  };
  /** null while a damaged file could not be replaced, e.g. on a full disk: the next call tries again. */
  let store: ArchiveStore | null = openOr(deps.file, beginAnew);
  return {
    run(work) {
      store ??= openOr(deps.file, beginAnew);
      try {
        return work(store);
      } catch (error) {
        if (failureKind(error) !== 'damaged') throw error;
        closeQuietly(store);
        store = null;
        store = beginAnew();
        return work(store);
      }
    },
    close() {
      store?.close();
      store = null;
    },
  };
}

function openOr(file: string, beginAnew: () => ArchiveStore): ArchiveStore {
  try {
    return openArchiveStore(file);
  } catch (error) {
    // A plain SQLITE_ERROR while preparing the statements means that tables are missing or not ours.
    if (failureKind(error) === 'damaged' || sqliteCode(error) === 'SQLITE_ERROR') return beginAnew();
    throw error;
  }
}

/** Closing a damaged file may fail as well, and nothing can be done about that. */
function closeQuietly(store: ArchiveStore): void {
  try {
    store.close();
  } catch {
    // Set aside all the same.
  }
}
