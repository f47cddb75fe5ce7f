import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/ports.ts';
import type { ArchiveEvents } from '../core/thread-contract.ts';
import { type ArchiveFile, openArchiveFile } from '../store/archive/archive-file.ts';
import { type ArchiveInbox, createArchiveInbox } from './archive-inbox.ts';
import { createRecordedFeed } from './archive-recorded.ts';
import { createRetentionSchedule, type RetentionSchedule } from './archive-retention.ts';

/** An open request log with everything that works on it. */
export type RunningArchive = {
  readonly file: ArchiveFile;
  readonly inbox: ArchiveInbox;
  readonly retention: RetentionSchedule;
  /** Writes what is pending and closes the file. */
  close(): void;
};

/**
 * Opens the request log and puts its parts to work.
 * @throws AppError `database_newer`, else what SQLite throws.
 */
export function runArchive(deps: {
  file: string;
  clock: Clock;
  log: Logger;
  send: <N extends keyof ArchiveEvents & string>(name: N, payload: ArchiveEvents[N]) => void;
}): RunningArchive {
  const { clock, log, send } = deps;
  const file = openArchiveFile({
    file: deps.file,
    now: clock.now,
    onSetAside(event) {
      log.error('archive_set_aside', { file: event.file });
      send('setAside', event);
    },
  });
  const feed = createRecordedFeed(clock, (rows) => send('recorded', { rows }));
  const retention = createRetentionSchedule({ clock, log, onStore: file.run });
  const inbox = createArchiveInbox({
    clock,
    log,
    write: (records) => file.run((store) => store.write(records)),
    onWritten(records) {
      feed.add(records);
      retention.grown(records.length);
    },
  });
  return {
    file,
    inbox,
    retention,
    close() {
      retention.close();
      inbox.close();
      feed.close();
      file.close();
    },
  };
}
