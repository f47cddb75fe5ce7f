import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestCursor, RequestRow } from '../../shared/request-record.ts';
import { systemClock } from '../core/clock.ts';
import { createRecorder } from '../core/recording/recorder.ts';
import { sampleRecord } from '../core/recording/testing/sample-record.ts';
import { type ArchiveThread, startArchiveThread } from './testing/archive-thread.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let folder = '';
let file = '';
let threads: ArchiveThread[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-thread-'));
  file = join(folder, 'archive.db');
  threads = [];
});

afterEach(async () => {
  for (const thread of threads) await thread.kill();
  rmSync(folder, { recursive: true, force: true });
});

function begin(): ArchiveThread {
  const thread = startArchiveThread(folder);
  threads.push(thread);
  return thread;
}

async function started(): Promise<ArchiveThread> {
  const thread = begin();
  await thread.client.call('start', undefined);
  return thread;
}

const recorderOf = (limit: number) =>
  createRecorder({ clock: systemClock, log: quiet, onDropped: () => {}, limit });

const numbered = (n: number) =>
  sampleRecord({
    id: `id-${String(n).padStart(6, '0')}`,
    startedAt: NOON + n,
    status: n % 10 === 0 ? 529 : 200,
  });

describe('archive thread', () => {
  it('keeps 10,000 records and answers lists, details and totals of them', async () => {
    const { client, enginePort } = await started();
    const recorder = recorderOf(20_000);
    recorder.attach(enginePort());
    for (let n = 0; n < 10_000; n += 1) recorder.record(numbered(n));
    await recorder.flush(15_000);
    expect(recorder.depth()).toBe(0);

    const rows: RequestRow[] = [];
    let cursor: RequestCursor | null = null;
    do {
      const page: { rows: RequestRow[]; next: RequestCursor | null } = await client.call('list', {
        filter: { outcome: 'problem' },
        cursor,
        limit: 300,
      });
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor);
    expect(rows.map(({ id }) => id)).toEqual(
      Array.from({ length: 1_000 }, (_, n) => numbered((999 - n) * 10).id),
    );
    expect(await client.call('get', { id: numbered(5).id })).toEqual(numbered(5));
    const { all } = await client.call('totals', { from: NOON + 1_000, to: NOON + 3_000 });
    expect(all).toMatchObject({ requests: 2_000, problems: 200, spentNanoUsd: 2_000 * 1_234_567 });
    expect(await client.call('storage', undefined)).toMatchObject({
      requestRows: 10_000,
      oldestRequestAt: NOON,
    });
  });

  it('tells the shell of new rows, without traces', async () => {
    const { client, enginePort } = await started();
    const recorder = recorderOf(100);
    const heard = new Promise<RequestRow[]>((resolve) => client.on('recorded', ({ rows }) => resolve(rows)));
    recorder.attach(enginePort());
    recorder.record(numbered(1));
    const { trace: _trace, upstreamRequestId: _id, stopReason: _reason, ...row } = numbered(1);
    expect(await heard).toEqual([row]);
  });

  it('takes a port and records that come before the start', async () => {
    const thread = begin();
    const recorder = recorderOf(100);
    recorder.attach(thread.enginePort());
    recorder.record(numbered(1));
    await expect(thread.client.call('storage', undefined)).rejects.toMatchObject({
      view: { code: 'thread_down' },
    });
    await thread.client.call('start', undefined);
    await recorder.flush(15_000);
    expect(await thread.client.call('get', { id: numbered(1).id })).not.toBeNull();
  });

  it('loses nothing that fits the bound when it dies, and the rest is counted', async () => {
    const first = await started();
    const recorder = recorderOf(1_000);
    recorder.attach(first.enginePort());
    for (let n = 0; n < 300; n += 1) recorder.record(numbered(n));
    await recorder.flush(15_000);
    for (let n = 300; n < 400; n += 1) recorder.record(numbered(n));
    await first.kill();
    for (let n = 400; n < 1_600; n += 1) recorder.record(numbered(n));
    expect(recorder.depth()).toBe(1_000);
    expect(recorder.dropped()).toBe(300);

    const second = await started();
    recorder.attach(second.enginePort());
    await recorder.flush(15_000);
    const { requestRows } = await second.client.call('storage', undefined);
    expect(requestRows).toBe(1_600 - recorder.dropped());
    const { all } = await second.client.call('totals', { from: NOON, to: NOON + 3_600_000 });
    expect(all.requests).toBe(requestRows);
  });

  it('writes out on shutdown what it has taken, and leaves no log of SQLite behind', async () => {
    const { client, enginePort } = await started();
    const recorder = recorderOf(1_000);
    recorder.attach(enginePort());
    for (let n = 0; n < 120; n += 1) recorder.record(numbered(n));
    await recorder.flush(15_000);
    await client.call('shutdown', undefined);
    expect(readdirSync(folder)).toEqual(['archive.db']);
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT COUNT(*) AS n FROM requests').get()).toEqual({ n: 120 });
    db.close();
  });

  it('sets a damaged file aside and says so', async () => {
    writeFileSync(file, Buffer.alloc(9_000, 'rubbish '));
    const thread = begin();
    const heard = new Promise<{ file: string }>((resolve) => thread.client.on('setAside', resolve));
    await thread.client.call('start', undefined);
    expect((await heard).file).toMatch(/^archive\.db\.damaged-/);
    expect(readdirSync(folder)).toContain((await heard).file);
    expect(await thread.client.call('storage', undefined)).toMatchObject({ requestRows: 0 });
  });

  it('refuses a file of a newer app', async () => {
    const first = await started();
    await first.client.call('shutdown', undefined);
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    const second = begin();
    await expect(second.client.call('start', undefined)).rejects.toMatchObject({
      view: { code: 'database_newer' },
    });
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

it('sums the log per session', async () => {
  const thread = await started();
  expect(await thread.client.call('sessions', { since: 0 })).toEqual([]);
});

describe('a crash of the whole process', () => {
  it('loses at most the last second and leaves a sound file', { timeout: 60_000 }, async () => {
    const script = fileURLToPath(new URL('./testing/archive-crash-child.ts', import.meta.url));
    const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    const recorded: { id: string; at: number }[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const [id = '', at = ''] = line.split(' ');
      recorded.push({ id, at: Number(at) });
      if (Number(at) - recorded[0]!.at > 2_500) child.kill('SIGKILL');
    }
    await exit;
    const db = new Database(file);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const kept = new Set(db.prepare<[], string>('SELECT id FROM requests').pluck().all());
    db.close();
    const last = recorded.at(-1)!.at;
    const due = recorded.filter(({ at }) => at < last - 1_000);
    expect(due.length).toBeGreaterThan(100);
    expect(due.filter(({ id }) => !kept.has(id))).toEqual([]);
  });
});
