import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectThread, type ThreadClient } from '../../shared/thread-rpc.ts';
import type { ArchiveCalls, ArchiveEvents } from '../core/thread-contract.ts';
import { openArchiveStore } from '../store/archive/archive-store.ts';
import {
  oldDatabase,
  put,
  putAccount,
  putMany,
  putRequest,
  withoutConstraints,
} from '../store/import/testing/old-databases.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createArchiveImport } from './archive-import.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const SECRETS = [
  'sk-ant-api03-AAAAAAAAAAAAAAAA',
  'sk-ant-ort01-BBBBBBBBBBBBBBBB',
  'sk-ant-oat01-CCCCCCCCCCCC',
];

let folder = '';
let dataDir = '';
let path = '';
let worker: Worker | undefined;
let client: ThreadClient<ArchiveCalls, ArchiveEvents>;
let log: ArchiveEvents['log'][] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-import-'));
  dataDir = join(folder, 'data');
  path = join(folder, 'old.db');
  mkdirSync(dataDir);
});
afterEach(async () => {
  await worker?.terminate();
  rmSync(folder, { recursive: true, force: true });
});

async function start(heapMb = 200): Promise<void> {
  const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 };
  worker = new Worker(new URL('../archive.ts', import.meta.url), { workerData: { dataDir }, resourceLimits });
  client = connectThread<ArchiveCalls, ArchiveEvents>(worker);
  const lines: ArchiveEvents['log'][] = [];
  log = lines;
  client.on('log', (line) => lines.push(line));
  await client.call('start', undefined);
}

function filled(fill: (db: Database) => void, product: 'ccflare' | 'better-ccflare' = 'ccflare'): void {
  const db = oldDatabase(path, product);
  fill(db);
  db.close();
}

const open = () => client.call('import.open', { path });
async function take(accountIds: Record<string, string> = {}) {
  const { copy } = await open();
  const answer = await client.call('import.history', { copy, accountIds });
  await client.call('import.close', { copy });
  return answer;
}
const totals = async () => (await client.call('totals', { from: 0, to: NOON * 2 })).all;
const refusal = (code: string) => ({ view: { code } });

describe('taking the history over', () => {
  beforeEach(() => start());

  it('brings requests with their ids, times, costs and accounts', async () => {
    filled((db) => {
      putAccount(db, { id: 'a-1', name: 'work', api_key: SECRETS[0]! });
      putRequest(db, { id: 'r-1', timestamp: NOON + 2000, cache_read_input_tokens: 7, agent_used: 'helper' });
      putRequest(db, {
        id: 'r-2',
        timestamp: NOON / 1000,
        status_code: 529,
        success: 0,
        account_used: 'gone',
      });
    });
    const opened = await open();
    expect(opened.requests).toEqual({ count: 2, oldestAt: NOON, newestAt: NOON + 2000 });
    expect(await take({ 'a-1': 'here-1' })).toEqual({
      requestsAdded: 2,
      requestsKnown: 0,
      requestsBroken: 0,
      cancelled: false,
    });
    expect(await client.call('get', { id: 'r-1' })).toMatchObject({
      startedAt: NOON,
      durationMs: 2000,
      status: 200,
      terminal: 'complete',
      errorCode: null,
      accountId: 'here-1',
      accountName: 'work',
      accountKind: 'api-key',
      agentId: 'helper',
      model: 'claude-sonnet-4-5',
      usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 7, partial: false },
      costNanoUsd: 500_000_000,
      imported: true,
      trace: { strategy: 'imported', candidates: [], attempts: [] },
    });
    const second = { startedAt: NOON - 2000, status: 529, errorCode: 'imported_failure', accountId: null };
    expect(await client.call('get', { id: 'r-2' })).toMatchObject(second);
    expect(await totals()).toMatchObject({ requests: 2, problems: 1, spentNanoUsd: 500_000_000 });
  });

  it('changes nothing the second time', async () => {
    filled((db) => putMany(db, 3000, NOON));
    await take();
    const before = [await totals(), await client.call('storage', undefined)];
    expect(await take()).toMatchObject({ requestsAdded: 0, requestsKnown: 3000, requestsBroken: 0 });
    expect([await totals(), await client.call('storage', undefined)]).toMatchObject(before);
  });

  it('counts nothing again that retention has removed since', async () => {
    filled((db) => putMany(db, 3000, Date.now()));
    await take();
    const before = await totals();
    await client.call('configure', { requestRetentionDays: 90, maxArchiveBytes: 1 });
    await expect.poll(async () => (await client.call('storage', undefined)).requestRows).toBe(0);
    const opened = await open();
    expect(opened.skipped).toMatchObject([{ what: 'Requests', count: 3000 }]);
    expect(await take()).toMatchObject({ requestsAdded: 0, requestsKnown: 3000 });
    expect(await totals()).toEqual(before);
  });

  it('says beforehand what is too old to be kept', async () => {
    await client.call('configure', { requestRetentionDays: 10, maxArchiveBytes: 2 ** 30 });
    filled((db) => {
      putRequest(db, { id: 'old', timestamp: Date.now() - 20 * 86_400_000 });
      putRequest(db, { id: 'new', timestamp: Date.now() });
    });
    expect((await open()).warnings).toContainEqual(
      expect.stringMatching(/^1 requests are older than the 10/),
    );
  });

  it('leaves out rows that are no requests and keeps their neighbours', async () => {
    filled((db) => {
      withoutConstraints(db);
      putRequest(db, { id: 'good', timestamp: String(NOON) });
      putRequest(db, { id: 'no-time', timestamp: 'yesterday' });
      putRequest(db, { id: 'x'.repeat(80), timestamp: NOON });
      putRequest(db, {
        id: 'odd',
        timestamp: NOON,
        status_code: 'ok',
        cost_usd: -1,
        model: Buffer.from('x'),
      });
      put(db, 'requests', { timestamp: NOON });
    });
    expect((await open()).skipped).toMatchObject([{ what: 'Requests', count: 1 }]);
    expect(await take()).toMatchObject({ requestsAdded: 2, requestsBroken: 3 });
    expect(await client.call('get', { id: 'odd' })).toMatchObject({
      status: 200,
      costNanoUsd: null,
      model: null,
    });
  });

  it('attack: a rollback journal, which can name a file for SQLite to delete, is never taken along', async () => {
    const db = oldDatabase(path);
    putRequest(db, { id: 'r-1', timestamp: NOON });
    db.close();
    writeFileSync(`${path}-journal`, Buffer.alloc(512, 1));
    await expect(open()).rejects.toMatchObject({ view: { code: 'import_unreadable' } });
    expect(readdirSync(join(folder, 'data')).filter((name) => name.startsWith('import-'))).toEqual([]);
  });

  it('reads what is only in the write-ahead log, and leaves the original as it is', async () => {
    const db = oldDatabase(path, 'better-ccflare');
    db.pragma('wal_autocheckpoint = 0');
    const row = {
      original_model: 'opus',
      applied_model: 'sonnet',
      client_session_id: 's-1',
      project: 'site',
      billing_type: 'plan',
    };
    putRequest(db, { id: 'r-1', timestamp: NOON, ...row });
    const digest = () =>
      ['', '-wal', '-shm'].map((suffix) => {
        const { mtimeMs } = statSync(path + suffix);
        return (
          createHash('sha256')
            .update(readFileSync(path + suffix))
            .digest('hex') + mtimeMs
        );
      });
    const before = digest();
    const { warnings } = await open();
    expect(warnings.join()).toContain('seems to be running');
    expect(await take()).toMatchObject({ requestsAdded: 1 });
    expect(digest()).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['data', 'old.db', 'old.db-shm', 'old.db-wal']);
    expect(await client.call('get', { id: 'r-1' })).toMatchObject({
      model: 'opus',
      servedModel: 'sonnet',
      sessionId: 's-1',
      project: 'site',
      accountKind: 'oauth',
    });
    db.close();
  });

  it('lists what stays behind, and copies no secret anywhere', async () => {
    filled((db) => {
      const [key, refresh, access] = SECRETS;
      putAccount(db, {
        id: 'a-1',
        name: 'work',
        api_key: key!,
        refresh_token: refresh!,
        access_token: access!,
      });
      putRequest(db, {
        id: 'r-1',
        timestamp: NOON,
        path: `/v1/messages?key=${key}`,
        error_message: `bad token ${refresh}`,
        model: access!,
        agent_used: `Bearer ${refresh}`,
        status_code: 401,
        success: 0,
      });
      put(db, 'request_payloads', { id: 'r-1', json: `{"headers":{"x-api-key":"${key}"}}` });
      put(db, 'request_payloads', { id: 'orphan', json: `enc:${access}` });
      put(db, 'api_keys', { id: '1', name: 'laptop', hashed_key: 'x' });
      db.exec(
        'CREATE TABLE "Ä ""; DROP TABLE requests" (a); INSERT INTO "Ä ""; DROP TABLE requests" VALUES (1)',
      );
    }, 'better-ccflare');
    const { skipped } = await open();
    expect(skipped.map(({ what, count }) => [what, count])).toEqual([
      ['Bodies of requests', 2],
      ['Local keys', 1],
      ['Table "ä "; drop table requests"', 1],
    ]);
    await take({ 'a-1': 'here-1' });
    const said = JSON.stringify([skipped, log, await client.call('get', { id: 'r-1' })]);
    await client.call('shutdown', undefined);
    const kept = readFileSync(join(dataDir, 'archive.db'));
    for (const secret of SECRETS) {
      expect(said).not.toContain(secret);
      expect(kept.includes(secret)).toBe(false);
    }
  });

  it('goes on answering, tells how far it is, and can be cancelled', async () => {
    filled((db) => putMany(db, 60_000, NOON));
    const { copy } = await open();
    const progress: ArchiveEvents['imported'][] = [];
    const order: string[] = [];
    client.on('imported', (event) => progress.push(event));
    const running = client
      .call('import.history', { copy, accountIds: {} })
      .finally(() => order.push('history'));
    await client.call('storage', undefined).then(() => order.push('storage'));
    const again = client.call('import.history', { copy, accountIds: {} });
    await expect(again).rejects.toMatchObject(refusal('conflict'));
    await client.call('import.cancel', undefined);
    const { cancelled, requestsAdded } = await running;
    expect([order[0], cancelled]).toEqual(['storage', true]);
    expect(requestsAdded).toBeLessThan(60_000);
    expect((await client.call('storage', undefined)).requestRows).toBe(requestsAdded);
    expect(progress[0]?.total).toBe(60_000);
    expect(await take()).toMatchObject({
      requestsAdded: 60_000 - requestsAdded,
      requestsKnown: requestsAdded,
    });
    expect((await totals()).requests).toBe(60_000);
  });
});

describe('files that are not as they should be', () => {
  beforeEach(() => start());

  it.each([
    ['no file', () => {}],
    ['a folder', () => mkdirSync(path)],
    ['text', () => writeFileSync(path, 'not a database, but long enough')],
    ['an empty file', () => writeFileSync(path, '')],
    [
      'rubbish behind a good header',
      () => writeFileSync(path, `SQLite format 3\0${'rubbish '.repeat(2000)}`),
    ],
    [
      'a database cut in the middle',
      () => {
        filled((db) => putMany(db, 20_000, NOON));
        truncateSync(path, 300_000);
      },
    ],
    [
      'a database of another program',
      () => oldDatabase(path).exec('DROP TABLE accounts; DROP TABLE requests').close(),
    ],
    [
      'an attack: views in the place of the tables',
      () =>
        oldDatabase(path)
          .exec(
            `DROP TABLE accounts; DROP TABLE requests;
             CREATE VIEW accounts AS SELECT 'x' AS id, 'x' AS name, 'x' AS api_key;
             CREATE VIEW requests AS SELECT hex(randomblob(9)) AS id, 1 AS timestamp FROM json_each('[1,2]');`,
          )
          .close(),
    ],
  ])('refuses %s and keeps no copy', async (_name, make) => {
    make();
    await expect(open()).rejects.toMatchObject(refusal('import_unreadable'));
    expect(readdirSync(dataDir).filter((name) => name.startsWith('import-'))).toEqual([]);
  });

  it('says when a database is of a version it does not know', async () => {
    oldDatabase(path)
      .exec(
        'ALTER TABLE accounts RENAME COLUMN name TO title; ALTER TABLE requests RENAME COLUMN timestamp TO at',
      )
      .close();
    await expect(open()).rejects.toMatchObject(refusal('import_newer'));
  });

  it('takes from a half-migrated database what there is', async () => {
    filled((db) => {
      putRequest(db, { id: 'r-1', timestamp: NOON });
      db.exec('ALTER TABLE accounts RENAME TO accounts_new; ALTER TABLE requests ADD COLUMN novelty');
    });
    expect((await open()).warnings.join()).toContain('No accounts can be read');
    expect(await take()).toMatchObject({ requestsAdded: 1 });
  });
});

describe('copies', () => {
  it('are private, and gone after closing', async () => {
    await start();
    filled((db) => putRequest(db, { id: 'r-1', timestamp: NOON }));
    const { copy } = await open();
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(statSync(join(copy, '..')).mode & 0o777).toBe(0o700);
    const handle = openSync(copy, 'r');
    await client.call('import.close', { copy });
    const bytes = Buffer.alloc(4096, 'x');
    readSync(handle, bytes, 0, bytes.length, 0);
    closeSync(handle);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('import-'))).toEqual([]);
    expect(await client.call('import.close', { copy })).toBe(null);
  });

  it('of an earlier run are removed at the start', async () => {
    const left = join(dataDir, 'import-00000000-0000-4000-8000-000000000000');
    mkdirSync(left);
    writeFileSync(join(left, 'copy.db'), 'secret');
    writeFileSync(join(left, 'copy.db-wal'), 'secret');
    await start();
    await expect.poll(() => existsSync(left)).toBe(false);
  });

  it('attack: closing a path elsewhere removes nothing', async () => {
    await start();
    const outside = join(folder, 'import-00000000-0000-4000-8000-000000000001');
    mkdirSync(outside);
    writeFileSync(join(outside, 'copy.db'), 'mine');
    const tricks = [
      join(outside, 'copy.db'),
      join(dataDir, 'archive.db'),
      `${dataDir}/import-00000000-0000-4000-8000-000000000001/../../${outside.split('/').at(-1)}/copy.db`,
    ];
    for (const copy of tricks) {
      await expect(client.call('import.close', { copy })).rejects.toMatchObject(refusal('invalid_input'));
      const history = client.call('import.history', { copy, accountIds: {} });
      await expect(history).rejects.toMatchObject(refusal('invalid_input'));
    }
    const name = 'import-00000000-0000-4000-8000-000000000002';
    symlinkSync(outside, join(dataDir, name));
    await client.call('import.close', { copy: join(dataDir, name, 'copy.db') });
    expect(readFileSync(join(outside, 'copy.db'), 'utf8')).toBe('mine');
  });
});

describe('deleting the old database', () => {
  beforeEach(() => start());

  it('overwrites and removes it with its log files', async () => {
    const db = oldDatabase(path);
    db.pragma('wal_autocheckpoint = 0');
    putAccount(db, { id: 'a-1', name: 'work', api_key: SECRETS[0]! });
    const handles = ['', '-wal'].map((suffix) => openSync(path + suffix, 'r'));
    await client.call('import.deleteSource', { path });
    for (const handle of handles) {
      const bytes = Buffer.alloc(64 * 1024, 'x');
      const length = readSync(handle, bytes, 0, bytes.length, 0);
      expect(bytes.subarray(0, length).every((byte) => byte === 0)).toBe(true);
      closeSync(handle);
    }
    expect(readdirSync(folder)).toEqual(['data']);
    db.close();
  });

  it("attack: refuses the app's own databases and files that are none", async () => {
    const own = join(dataDir, 'archive.db');
    const link = join(folder, 'link.db');
    const text = join(folder, 'letter.txt');
    symlinkSync(own, link);
    writeFileSync(text, 'dear diary, and more than sixteen bytes of it');
    for (const victim of [own, link, text]) {
      const tried = client.call('import.deleteSource', { path: victim });
      await expect(tried).rejects.toMatchObject(refusal('import_unreadable'));
      expect(existsSync(victim)).toBe(true);
    }
    expect(readFileSync(text, 'utf8')).toContain('dear diary');
  });
});

describe('a million requests', () => {
  it('are looked at and taken in pieces: the thread has a heap that could not hold them', async () => {
    filled((db) => putMany(db, 1_000_000, NOON));
    await start(32);
    const { copy, requests } = await open();
    expect(requests).toEqual({ count: 1_000_000, oldestAt: NOON - 1e9, newestAt: NOON - 1000 });
    const begun = new Promise((resolve) =>
      client.on('imported', ({ done }) => done >= 20_000 && resolve(done)),
    );
    const running = client.call('import.history', { copy, accountIds: {} });
    await begun;
    await client.call('import.cancel', undefined);
    const { requestsAdded } = await running;
    expect(requestsAdded).toBeGreaterThanOrEqual(20_000);
    expect((await totals()).requests).toBe(requestsAdded);
  });
});

describe('progress', () => {
  it('is told at the first batch, then by the clock, then at the end', async () => {
    filled((db) => putMany(db, 3000, NOON));
    const clock = createFakeClock(NOON);
    const store = openArchiveStore(join(dataDir, 'archive.db'));
    const progress: ArchiveEvents['imported'][] = [];
    const { calls } = createArchiveImport({
      dataDir,
      clock,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      onStore: (work) => work(store),
      rules: () => null,
      onWritten: (rows) => clock.advance(rows / 10),
      onProgress: (event) => progress.push(event),
    });
    const { copy } = await calls['import.open']({ path });
    await calls['import.history']({ copy, accountIds: {} });
    expect(progress.map(({ done }) => done)).toEqual([500, 3000, 3000]);
    store.close();
  });
});
