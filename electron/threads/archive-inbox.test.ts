import { SqliteError } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../shared/request-record.ts';
import { sampleRecord } from '../core/recording/testing/sample-record.ts';
import type { ArchiveOutbound } from '../core/thread-contract.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createArchiveInbox } from './archive-inbox.ts';

function setUp(write: (records: readonly RequestRecord[]) => RequestRecord[]) {
  const clock = createFakeClock();
  const lines: string[] = [];
  const written: string[] = [];
  const answers: ArchiveOutbound[] = [];
  const line = (event: string) => lines.push(event);
  const inbox = createArchiveInbox({
    clock,
    log: { debug: line, info: line, warn: line, error: line },
    write,
    onWritten: (records) => written.push(...records.map(({ id }) => id)),
  });
  let deliver: (message: unknown) => void = () => {};
  inbox.connect({
    postMessage: (message) => answers.push(message as ArchiveOutbound),
    on: (_event, listener) => {
      deliver = listener;
    },
  });
  const send = (batch: number, ...ids: string[]) =>
    deliver({
      type: 'records',
      batch,
      count: ids.length,
      json: JSON.stringify(ids.map((id) => sampleRecord({ id }))),
    });
  return { clock, lines, written, answers, inbox, send, deliver: (message: unknown) => deliver(message) };
}

describe('archive inbox', () => {
  it('acknowledges each batch and each flush in order, after writing', () => {
    const { answers, deliver, send, written } = setUp((records) => [...records]);
    send(7, 'a');
    deliver({ type: 'flush', seq: 3 });
    expect(written).toEqual(['a']);
    expect(answers).toEqual([
      { type: 'written', batch: 7 },
      { type: 'flushed', seq: 3 },
    ]);
  });

  it('keeps and retries what a full disk refuses, and says so once', () => {
    let full = true;
    const { answers, clock, deliver, lines, send, written } = setUp((records) => {
      if (full) throw new SqliteError('database or disk is full', 'SQLITE_FULL');
      return [...records];
    });
    send(1, 'a');
    send(2, 'b');
    deliver({ type: 'flush', seq: 1 });
    clock.advance(60_000);
    expect(answers).toEqual([]);
    expect(lines).toEqual(['archive_write_failed']);
    full = false;
    clock.advance(30_000);
    expect(written).toEqual(['a', 'b']);
    expect(answers.map(({ type }) => type)).toEqual(['written', 'written', 'flushed']);
    expect(lines).toEqual(['archive_write_failed', 'archive_writes_again']);
  });

  it('leaves out the one record that cannot be stored and keeps its neighbours', () => {
    const { answers, lines, send, written } = setUp((records) => {
      if (records.some(({ id }) => id === 'bad'))
        throw new SqliteError('NOT NULL', 'SQLITE_CONSTRAINT_NOTNULL');
      return [...records];
    });
    send(1, 'a', 'bad', 'b');
    expect(written).toEqual(['a', 'b']);
    expect(answers).toEqual([{ type: 'written', batch: 1 }]);
    expect(lines).toEqual(['archive_records_refused']);
  });

  it('ignores messages it does not know', () => {
    const { answers, deliver, lines } = setUp((records) => [...records]);
    deliver({ type: 'records', batch: 1, count: 1, json: '{"all":"of them"}' });
    deliver(null);
    expect(answers).toEqual([]);
    expect(lines).toEqual(['archive_message_unknown', 'archive_message_unknown']);
  });

  it('tries a last time when it closes', () => {
    let full = true;
    const { inbox, send, written } = setUp((records) => {
      if (full) throw new SqliteError('database or disk is full', 'SQLITE_FULL');
      return [...records];
    });
    send(1, 'a');
    full = false;
    inbox.close();
    expect(written).toEqual(['a']);
  });
});
