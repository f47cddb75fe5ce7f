import type { ErrorView } from '../../shared/errors.ts';
import type { ImportResult, ImportState } from '../../shared/import.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import type { ArchiveClient } from './threads.ts';

/** What an import has brought before it has brought anything. */
export const NOTHING_YET: ImportResult = {
  accountsAdded: 0,
  accountsSkipped: 0,
  settingsTaken: 0,
  agentPreferences: 0,
  requestsAdded: 0,
  requestsKnown: 0,
  requestsBroken: 0,
};

/** The slice `import`: how the running import stands, or how the last one ended. */
export class ImportProgress {
  readonly #set: (state: ImportState) => void;
  readonly #heard = new WeakSet<ArchiveClient>();
  #state: ImportState | null = null;
  #counting: ArchiveClient | null = null;

  constructor(set: (state: ImportState) => void) {
    this.#set = set;
  }

  begin(sourceId: string, phase: ImportState['phase'], requestsTotal = 0): void {
    this.#show({ sourceId, phase, requestsDone: 0, requestsTotal, result: null, error: null });
  }

  change(change: Partial<Omit<ImportState, 'sourceId'>>): void {
    if (this.#state) this.#show({ ...this.#state, ...change });
  }

  failed(error: unknown, result: ImportResult | null = null): void {
    this.change({ phase: 'failed', result, error: viewOf(error) });
  }

  /** Follows what this archive says while `work` runs; a restarted archive is another client. */
  async counted<T>(archive: ArchiveClient, work: () => Promise<T>): Promise<T> {
    this.#hear(archive);
    this.#counting = archive;
    try {
      return await work();
    } finally {
      this.#counting = null;
    }
  }

  #hear(archive: ArchiveClient): void {
    if (this.#heard.has(archive)) return;
    this.#heard.add(archive);
    archive.on('imported', ({ done, total }) => {
      if (this.#counting === archive) this.change({ requestsDone: done, requestsTotal: total });
    });
  }

  #show(state: ImportState): void {
    this.#state = state;
    this.#set(state);
  }
}

function viewOf(error: unknown): ErrorView {
  if (error instanceof ThreadCallError) return error.view;
  return { code: 'internal', message: 'Something went wrong inside the app. The log file has the detail.' };
}
