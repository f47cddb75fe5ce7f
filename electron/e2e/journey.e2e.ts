import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import { failures, type Simulator } from '../simulator/simulator.ts';
import { ACCOUNTS, ask, CLIENT_KEY, sdk, startUpstream } from '../testing/traffic.ts';
import { eventually, type RunningApp, startApp } from './app.ts';
import { look } from './pictures.ts';

/** The life of a new user, step by step; each step builds on the one before. */
describe('from the first start to a restart', () => {
  const dataDir = newUserFolder('journey');
  let upstream: Simulator;
  let app: RunningApp;
  let page: Page;

  beforeAll(async () => {
    upstream = await startUpstream();
    app = await startApp({ dataDir, provision: { clientKeys: [{ name: 'e2e', key: CLIENT_KEY }] } });
    page = await app.page();
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('greets with the next step', async () => {
    await page
      .getByRole('button', { name: /add account/i })
      .first()
      .waitFor();
    await look(page, 'first-start');
  });

  it('refuses work politely while there is no account', async () => {
    await expect(ask(sdk(app.url), 0)).rejects.toMatchObject({ status: 503 });
  });

  it('takes two accounts through the dialog, by keyboard', async () => {
    for (const account of ACCOUNTS.slice(0, 2)) {
      await addAccount(page, account.name, account.secret, upstream.url);
    }
    await page
      .getByRole('link', { name: /accounts/i })
      .first()
      .click();
    await page.getByRole('heading', { name: 'work' }).waitFor();
    await page.getByRole('heading', { name: 'home' }).waitFor();
    await look(page, 'two-accounts');
  });

  it('carries 200 requests of the official SDK while an account fails mid-way, without one client error', async () => {
    const client = sdk(app.url);
    let asked = 0;
    const worker = async (): Promise<void> => {
      while (asked < 200) {
        asked += 1;
        if (asked === 60)
          upstream.script(
            { account: 'work' },
            failures.windowRejected('5h', { resetAt: Date.now() + 3_600_000 }),
          );
        expect(await ask(client, asked)).not.toBe('');
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(upstream.requests.filter((request) => request.account === 'home').length).toBeGreaterThan(100);
  });

  it('shows them in the list, with the reason for the change of account', async () => {
    await page
      .getByRole('link', { name: /requests/i })
      .first()
      .click();
    await eventually('a row of the other account', () =>
      page.getByRole('row').filter({ hasText: 'home' }).first().isVisible(),
    );
    await look(page, 'requests-after-failover');
  });

  it('ends and comes back with everything kept', async () => {
    expect(await app.stop()).toBe(0);
    app = await startApp({ dataDir });
    page = await app.page();
    await page
      .getByRole('link', { name: /accounts/i })
      .first()
      .click();
    await page.getByRole('heading', { name: 'work' }).waitFor();
    expect(await ask(sdk(app.url), 1)).not.toBe('');
    await page
      .getByRole('link', { name: /requests/i })
      .first()
      .click();
    await eventually('rows', async () => (await page.getByRole('row').count()) > 5);
    expect(app.complaints).toEqual([]);
  });
});

async function addAccount(page: Page, name: string, key: string, baseUrl: string): Promise<void> {
  await page.getByRole('link', { name: 'Accounts' }).first().click();
  await page
    .getByRole('button', { name: /add account/i })
    .first()
    .press('Enter');
  await page.getByRole('radio', { name: /Gateway or compatible provider/ }).check();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Base URL').fill(baseUrl);
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}
