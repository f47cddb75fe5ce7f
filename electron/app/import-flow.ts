import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../shared/errors.ts';
import type { ImportPreview, ImportResult, ImportSource, ImportState } from '../../shared/import.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import { ImportProgress, NOTHING_YET } from './import-progress.ts';
import {
  type FoundDatabase,
  type ImportSurroundings,
  importPlaces,
  lookAtChosen,
  lookAtPlace,
} from './import-sources.ts';
import type { ArchiveClient, EngineClient } from './threads.ts';

/** What an import acts on. */
export type ImportFlowDeps = ImportSurroundings & {
  /** Looked up at each call, since threads may have been restarted. */
  engine: () => EngineClient;
  archive: () => ArchiveClient;
  state: { setImport(state: ImportState | null): void };
  /** Lets the user choose a file; null when they did not. */
  chooseFile: () => Promise<string | null>;
};

type Source = { readonly source: ImportSource; readonly configFile: string | null };

/** A copy that was looked at and waits for `run`. */
type Opened = { readonly copy: string; readonly preview: ImportPreview };

type RunInput = CallInput<'import.run'>;

/** Something that runs; the user may have cancelled it. */
type Job = { cancelled: boolean };

/** Taking over an old database: the page names it by id, its paths never come from there. One import at a time. */
export function createImportFlow(deps: ImportFlowDeps): ImportFlow {
  return new ImportFlow(deps);
}

/** See {@link createImportFlow}. */
class ImportFlow {
  readonly #deps: ImportFlowDeps;
  readonly #sources = new Map<string, Source>();
  readonly #progress: ImportProgress;
  #opened: Opened | null = null;
  #job: Job | null = null;

  constructor(deps: ImportFlowDeps) {
    this.#deps = deps;
    this.#progress = new ImportProgress((state) => deps.state.setImport(state));
  }

  /** Databases in the usual places. */
  async find(): Promise<ImportSource[]> {
    const found = await Promise.all(importPlaces(this.#deps).map(lookAtPlace));
    return found.filter((one) => one !== null).map((one) => this.#remember(one));
  }

  /** @throws ThreadCallError `import_unreadable` when the chosen file is none */
  async choose(): Promise<ImportSource | null> {
    const path = await this.#deps.chooseFile();
    if (path === null) return null;
    const found = await lookAtChosen(path, this.#deps);
    if (!found) refuse('import_unreadable', 'That is not a file. Choose the database of the old program.');
    return this.#remember(found);
  }

  /** Copies the database and looks at it. @throws ThreadCallError as both threads do, `conflict`, `not_found` */
  async preview({ sourceId }: { sourceId: string }): Promise<ImportPreview> {
    const source = this.#source(sourceId);
    return await this.#work((job) => this.#open(source, job));
  }

  /**
   * Begins to take over what was chosen; answers when it has begun.
   * @throws ThreadCallError `consent_needed`, `conflict`, `not_found`, and as `preview` when there was none
   */
  async run(input: RunInput): Promise<null> {
    if (this.#opened?.preview.source.id !== input.sourceId) await this.preview(input);
    const opened = this.#opened;
    if (!opened) refuse('conflict', 'The copy is gone. Look at the database once more.');
    requireConsent(opened.preview, input);
    this.#requireIdle();
    void this.#work((job) => this.#perform(opened, input, job)).then((tell) => tell());
    return null;
  }

  /** Stops what runs at its next step; a copy that waits is removed. What is written stays. */
  async cancel(): Promise<null> {
    if (this.#job) {
      this.#job.cancelled = true;
      await this.#deps.archive().call('import.cancel', undefined);
    } else if (this.#opened) {
      await this.#close();
      this.#progress.change({ phase: 'cancelled' });
    }
    return null;
  }

  /** Overwrites and deletes the old database. @throws ThreadCallError as the archive does, `conflict`, `not_found` */
  async deleteSource({ sourceId }: { sourceId: string }): Promise<null> {
    const { source } = this.#source(sourceId);
    return await this.#work(async () => {
      if (this.#opened?.preview.source.id === sourceId) await this.#close();
      await this.#deps.archive().call('import.deleteSource', { path: source.path });
      this.#sources.delete(sourceId);
      return null;
    });
  }

  #remember({ configFile, ...found }: FoundDatabase): ImportSource {
    const known = [...this.#sources.values()].find(({ source }) => source.path === found.path);
    const source = { ...found, id: known?.source.id ?? randomUUID() };
    this.#sources.set(source.id, { source, configFile });
    return source;
  }

  #source(id: string): Source {
    return (
      this.#sources.get(id) ?? refuse('not_found', 'That database is not known any more. Choose it again.')
    );
  }

  #requireIdle(): void {
    if (this.#job) refuse('conflict', 'An import is running. Wait for it, or cancel it.');
  }

  async #work<T>(work: (job: Job) => Promise<T>): Promise<T> {
    this.#requireIdle();
    const job = { cancelled: false };
    this.#job = job;
    try {
      return await work(job);
    } finally {
      this.#job = null;
    }
  }

  async #open({ source, configFile }: Source, job: Job): Promise<ImportPreview> {
    await this.#close();
    this.#progress.begin(source.id, 'copying');
    let copy: string | null = null;
    try {
      const { copy: made, ...looked } = await this.#deps.archive().call('import.open', { path: source.path });
      copy = made;
      const offer = await this.#deps.engine().call('import.look', { copy, configFile });
      if (job.cancelled) refuse('conflict', 'The import was cancelled.');
      const skipped = [...looked.skipped, ...offer.skipped];
      const preview = { source, ...looked, ...offer, skipped };
      this.#opened = { copy, preview };
      this.#progress.change({ phase: 'ready', requestsTotal: preview.requests.count });
      return preview;
    } catch (error) {
      if (copy !== null) await this.#remove(copy);
      if (job.cancelled) this.#progress.change({ phase: 'cancelled' });
      else this.#progress.failed(error);
      throw error;
    }
  }

  /** Never rejects. Answers what tells how it ended, once the next thing may begin: whoever hears that may ask for it. */
  async #perform({ copy, preview }: Opened, input: RunInput, job: Job): Promise<() => void> {
    const result = { ...NOTHING_YET };
    this.#progress.begin(input.sourceId, 'running', input.requests ? preview.requests.count : 0);
    try {
      const accountIds = await this.#take(copy, input, result);
      if (input.requests && !job.cancelled) await this.#takeHistory(copy, accountIds, result, job);
      return () => this.#progress.change({ phase: job.cancelled ? 'cancelled' : 'done', result });
    } catch (error) {
      return () => this.#progress.failed(error, result);
    } finally {
      await this.#close();
    }
  }

  async #take(copy: string, input: RunInput, result: ImportResult): Promise<Record<string, string>> {
    const { sourceId, requests: _requests, ...choice } = input;
    const configFile = this.#source(sourceId).configFile;
    const argument = { copy, configFile, ...choice, actor: 'dashboard' } as const;
    const { accountIds, ...counts } = await this.#deps.engine().call('import.take', argument);
    Object.assign(result, counts);
    if (input.settings && input.requests) await this.#tellRetention();
    return accountIds;
  }

  /** A longer retention that was just taken over must hold before rows come that only it keeps. */
  async #tellRetention(): Promise<void> {
    const { settings } = await this.#deps.engine().call('state', undefined);
    const { requestRetentionDays, maxArchiveBytes } = settings;
    await this.#deps.archive().call('configure', { requestRetentionDays, maxArchiveBytes });
  }

  async #takeHistory(
    copy: string,
    accountIds: Record<string, string>,
    result: ImportResult,
    job: Job,
  ): Promise<void> {
    const archive = this.#deps.archive();
    const history = () => archive.call('import.history', { copy, accountIds });
    const { cancelled, ...counts } = await this.#progress.counted(archive, history);
    Object.assign(result, counts);
    job.cancelled = cancelled;
  }

  async #close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened) await this.#remove(opened.copy);
  }

  /** An archive that is down removes its copies when it starts again. */
  async #remove(copy: string): Promise<void> {
    await this.#deps
      .archive()
      .call('import.close', { copy })
      .catch(() => undefined);
  }
}

function requireConsent({ accounts }: ImportPreview, input: RunInput): void {
  const chosen = new Set(input.accounts);
  const login = accounts.some(
    ({ sourceId, kind, skipped }) => kind === 'oauth' && skipped === null && chosen.has(sourceId),
  );
  if (!login || input.consent) return;
  refuse(
    'consent_needed',
    'Read and accept the notice about subscription logins first, or leave those accounts out.',
  );
}

function refuse(code: ErrorCode, message: string): never {
  throw new ThreadCallError({ code, message });
}
