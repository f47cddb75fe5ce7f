import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportState } from '../../shared/import.ts';
import { oldDatabase, put, putAccount, putMany } from '../store/import/testing/old-databases.ts';
import { startEngineThread } from '../threads/testing/engine-thread.ts';
import { createImportFlow } from './import-flow.ts';

const SECRETS = [
  'sk-ant-api03-AAAAAAAAAAAAAAAA',
  'sk-ant-ort01-BBBBBBBBBBBBBBBB',
  'sk-ant-oat01-CCCCCCCCCCCCCCCC',
];

let home = '';
let dataDir = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'import-threads-'));
  dataDir = join(home, 'data');
  mkdirSync(join(home, '.config', 'ccflare'), { recursive: true });
  mkdirSync(dataDir);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('takes over a database through both threads, twice without harm, and leaves no secret in clear', async () => {
  const [key = '', refresh = '', access = ''] = SECRETS;
  const db = oldDatabase(join(home, '.config', 'ccflare', 'ccflare.db'));
  putAccount(db, { id: 'a-1', name: 'work', api_key: key });
  putAccount(db, { id: 'a-2', name: 'home', refresh_token: refresh, access_token: access, expires_at: 4e12 });
  putMany(db, 2000, Date.now());
  put(db, 'request_payloads', { id: 'r-1', json: `{"authorization":"Bearer ${access}"}` });
  db.close();
  const threads = await startEngineThread({ dataDir });
  await threads.start();
  const states: ImportState[] = [];
  const flow = createImportFlow({
    engine: () => threads.client,
    archive: () => threads.archive,
    state: { setImport: (state) => void (state && states.push(state)) },
    chooseFile: () => Promise.resolve(null),
    env: {},
    home,
    platform: 'linux',
  });
  const [source] = await flow.find();
  const sourceId = source?.id ?? '';
  const choice = { sourceId, accounts: ['a-1', 'a-2'], consent: true, settings: true, requests: true };
  const run = async () => {
    await flow.run({ ...choice, agentPreferences: true });
    await expect.poll(() => states.at(-1)?.phase, { timeout: 15_000 }).toMatch(/done|failed/);
    return states.at(-1);
  };
  const first = { accountsAdded: 2, requestsAdded: 2000, requestsKnown: 0 };
  expect(await run()).toMatchObject({ phase: 'done', requestsDone: 2000, result: first });
  const { accounts } = await threads.client.call('state', undefined);
  const work = accounts.find(({ name }) => name === 'work');
  const totals = () => threads.archive.call('totals', { from: 0, to: Date.now() + 1 });
  const { all, byAccount } = await totals();
  expect([all.requests, byAccount[work?.id ?? '']?.requests]).toEqual([2000, 2000]);

  const second = { accountsAdded: 0, accountsSkipped: 2, requestsAdded: 0, requestsKnown: 2000 };
  expect(await run()).toMatchObject({ phase: 'done', result: second });
  expect((await totals()).all).toEqual(all);
  await flow.deleteSource({ sourceId });
  expect(readdirSync(join(home, '.config', 'ccflare'))).toEqual([]);
  const said = JSON.stringify([threads.log, states]);
  await threads.stop();
  const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name)));
  for (const secret of SECRETS) {
    expect(said).not.toContain(secret);
    for (const bytes of files) expect(bytes.includes(secret)).toBe(false);
  }
});
