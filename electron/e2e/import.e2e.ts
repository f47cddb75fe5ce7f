import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import type { Simulator } from '../simulator/simulator.ts';
import { oldDatabase, put, putAccount, putRequest } from '../store/import/testing/old-databases.ts';
import { ACCOUNTS, ask, CLIENT_KEY, sdk, startUpstream } from '../testing/traffic.ts';
import { eventually, filesBelow, type RunningApp, startApp } from './app.ts';
import { look, seriousProblems } from './pictures.ts';

const KEY = ACCOUNTS[0]?.secret ?? '';
const LOGIN = ACCOUNTS[2];

function giveToUser(file: string): void {
  const { CCFLARE_USER_UID: uid, CCFLARE_USER_GID: gid } = process.env;
  if (uid && gid) chownSync(file, Number(uid), Number(gid));
}

/** The database that ccflare leaves behind: a key, a login, a foreign provider, some history, a body with a key. */
function writeOldDatabase(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'ccflare.db');
  const db = oldDatabase(file);
  putAccount(db, { id: 'a-1', name: 'old work', api_key: KEY });
  putAccount(db, {
    id: 'a-2',
    name: 'old max',
    refresh_token: LOGIN?.refreshToken ?? '',
    access_token: LOGIN?.secret ?? '',
    expires_at: Date.now() + 3_600_000,
  });
  putAccount(db, { id: 'a-3', name: 'elsewhere', provider: 'zai', api_key: 'zai-key' });
  for (let n = 0; n < 50; n += 1) {
    putRequest(db, { id: `00000000-0000-4000-8000-0000000000${10 + n}`, timestamp: Date.now() - n * 60_000 });
  }
  put(db, 'request_payloads', {
    id: '00000000-0000-4000-8000-000000000010',
    json: JSON.stringify({ request: { headers: { authorization: `Bearer ${LOGIN?.secret}` } } }),
  });
  db.close();
  for (const name of readdirSync(folder)) giveToUser(path.join(folder, name));
  giveToUser(folder);
  return file;
}

describe('coming from ccflare', () => {
  const config = newUserFolder('config');
  const dataDir = newUserFolder('import');
  let database: string;
  let upstream: Simulator;
  let app: RunningApp;
  let page: Page;
  const dialog = () => page.getByRole('dialog');

  beforeAll(async () => {
    database = writeOldDatabase(path.join(config, 'ccflare'));
    upstream = await startUpstream();
    app = await startApp({
      dataDir,
      env: { XDG_CONFIG_HOME: config, ccflare_DB_PATH: database },
      provision: {
        clientKeys: [{ name: 'e2e', key: CLIENT_KEY }],
        settings: { onboarding: 'skipped', oauthApiUrl: upstream.url },
      },
    });
    page = await app.page();
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('finds the database and says what will come and what will not', async () => {
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page
      .getByRole('button', { name: /import from ccflare/i })
      .first()
      .click();
    await look(page, 'import-sources');
    await dialog()
      .getByRole('button', { name: /ccflare\.db/ })
      .first()
      .click();
    await dialog().getByText('old work').waitFor();
    await dialog().getByText('elsewhere').waitFor();
    await look(page, 'import-preview');
    expect(await seriousProblems(page)).toEqual([]);
    expect(await dialog().textContent()).not.toContain('SECRET');
  });

  it('wants consent for a subscription login, then takes everything over', async () => {
    const before = readFileSync(database);
    await dialog()
      .getByRole('checkbox', { name: /I have read this/ })
      .check();
    await dialog()
      .getByRole('button', { name: /^import/i })
      .click();
    await dialog().getByText(/50/).first().waitFor();
    await eventually('the result', () =>
      dialog()
        .getByRole('button', { name: /delete the old/i })
        .isVisible(),
    );
    await look(page, 'import-result');
    expect(await seriousProblems(page)).toEqual([]);
    expect(readFileSync(database).equals(before)).toBe(true);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('import-'))).toEqual([]);
  });

  it('deletes the old database after asking once more', async () => {
    await dialog()
      .getByRole('button', { name: /delete the old/i })
      .click();
    await look(page, 'import-delete');
    await dialog()
      .getByRole('button', { name: /delete/i })
      .last()
      .click();
    await eventually('the file gone', () => !existsSync(database));
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'hidden' });
  });

  it('says whose the login is that came', async () => {
    await page.getByRole('link', { name: 'Accounts' }).first().click();
    await page.getByText(upstream.account('max').email).first().waitFor();
    const asked = upstream.requests.filter(({ url }) => url.startsWith('/api/oauth/profile'));
    expect(asked.map(({ account }) => account)).toEqual(['max']);
  });

  it('carries real traffic over the accounts that came', async () => {
    await page.evaluate(async (url) => {
      const { ccflare } = globalThis as unknown as {
        ccflare: {
          call(name: string, argument: unknown): Promise<{ value: { accounts: { id: string }[] } }>;
        };
      };
      const { accounts } = (await ccflare.call('state.get', undefined)).value;
      for (const { id } of accounts) {
        await ccflare.call('accounts.setEndpoint', {
          id,
          baseUrl: url,
          headerStyle: 'x-api-key',
          modelMap: {},
        });
      }
    }, upstream.url);
    expect(await ask(sdk(app.url), 1)).not.toBe('');
    await page.getByRole('link', { name: 'Requests' }).first().click();
    await eventually('old and new rows', async () => (await page.getByRole('row').count()) > 10);
    await look(page, 'import-requests');
  });

  it('leaves no secret of the old database in clear', async () => {
    expect(app.complaints).toEqual([]);
    await app.stop();
    for (const { file, bytes } of filesBelow(dataDir)) {
      for (const secret of [KEY, LOGIN?.secret ?? '', LOGIN?.refreshToken ?? '']) {
        expect({ file, found: bytes.includes(secret) }).toEqual({ file, found: false });
      }
    }
    app = await startApp({ dataDir });
  });
});
