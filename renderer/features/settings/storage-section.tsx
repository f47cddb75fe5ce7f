import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { StorageState, ThreadState } from '../../../shared/app-state.ts';
import { formatBytes, formatTokens } from '../../../shared/format.ts';
import { storageQuery, useSlice } from '../../api/queries.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { Button } from '../../components/button.tsx';
import { Time } from '../../components/time.tsx';

/** What is in use of every bound, and whether the threads behind it run. */
export function StorageSection() {
  const pushed = useSlice('storage');
  const read = useQuery(storageQuery).data;
  const settings = useSlice('settings');
  const storage = read ?? pushed;
  return (
    <>
      <UsageRow
        label="Request log"
        note={<LogSpan storage={storage} />}
        used={storage.archiveBytes}
        bound={settings.maxArchiveBytes}
        text={`${formatBytes(storage.archiveBytes)} of ${formatBytes(settings.maxArchiveBytes)}`}
      />
      <UsageRow
        label="Kept for fail-over"
        note="Memory, of running requests only"
        used={storage.replayBytes}
        bound={settings.replayTotalBytes}
        text={`${formatBytes(storage.replayBytes)} of ${formatBytes(settings.replayTotalBytes)}`}
      />
      <UsageRow
        label="Waiting to be logged"
        note={droppedWords(storage.droppedRecords)}
        used={storage.queueDepth}
        bound={storage.queueLimit}
        text={`${storage.queueDepth} of ${formatTokens(storage.queueLimit)}`}
      />
      <Threads />
      <div className="group-foot">
        <Button onClick={() => openDialog({ kind: 'import' })}>Import from ccflare…</Button>
      </div>
    </>
  );
}

function LogSpan({ storage }: { storage: StorageState }) {
  const rows = `${formatTokens(storage.requestRows)} ${storage.requestRows === 1 ? 'request' : 'requests'}`;
  if (storage.oldestRequestAt === null) return rows;
  return (
    <>
      {rows}, the oldest <Time at={storage.oldestRequestAt} />
    </>
  );
}

function droppedWords(dropped: number): string {
  if (dropped === 0) return 'No record was lost';
  return `${formatTokens(dropped)} ${dropped === 1 ? 'record was' : 'records were'} lost while the log was behind`;
}

type UsageRowProps = { label: string; note: ReactNode; used: number; bound: number; text: string };

function UsageRow({ label, note, used, bound, text }: UsageRowProps) {
  const share = bound <= 0 ? 0 : Math.min(1, used / bound);
  return (
    <div className="usage-row">
      <div>
        {label}
        <div className="small secondary">{note}</div>
      </div>
      <span className="meter" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <span className="small secondary">{text}</span>
    </div>
  );
}

function Threads() {
  const { engine, archive } = useSlice('threads');
  return (
    <>
      <ThreadRow label="Proxy engine" thread={engine} />
      <ThreadRow label="Request log" thread={archive} />
    </>
  );
}

const PHASES: Record<ThreadState['phase'], string> = {
  starting: 'Starting',
  running: 'Running',
  restarting: 'Restarting',
  failed: 'Failed',
  stopped: 'Stopped',
};

function ThreadRow({ label, thread }: { label: string; thread: ThreadState }) {
  return (
    <div className="usage-row">
      <div>
        {label} thread
        {thread.lastError && <div className="small secondary">Last error: {thread.lastError.message}</div>}
      </div>
      <span />
      <span className="small secondary">
        {PHASES[thread.phase]}
        {thread.restarts > 0 && `, ${thread.restarts} ${thread.restarts === 1 ? 'restart' : 'restarts'}`}
      </span>
    </div>
  );
}
