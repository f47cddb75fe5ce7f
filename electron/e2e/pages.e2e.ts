import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type RunningApp, startApp } from './app.ts';
import { look, seriousProblems } from './pictures.ts';

/** Pages and the keys that lead there. */
const PAGES = [
  ['overview', '1'],
  ['sessions', '2'],
  ['requests', '3'],
  ['accounts', '4'],
  ['clients', '5'],
  ['settings', '6'],
] as const;

describe('pages in demo mode', () => {
  let app: RunningApp;
  let page: Page;

  beforeAll(async () => {
    app = await startApp({ args: ['--demo'] });
    page = await app.page();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.keyboard.press('Control+3');
    await eventually('live traffic', async () => (await page.getByRole('row').count()) > 10, 60_000);
  });

  afterAll(async () => {
    await app.stop();
  });

  it.each(PAGES)(
    '%s has a heading, no serious accessibility problem, and is pictured in both themes',
    async (name, key) => {
      await page.keyboard.press(`Control+${key}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle');
      await look(page, name);
      expect(await seriousProblems(page)).toEqual([]);
    },
  );

  it('a request opens with the trace of its way', async () => {
    await page.keyboard.press('Control+3');
    await page.getByRole('row').nth(2).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page
      .getByText(/why this account|considered|attempts/i)
      .first()
      .waitFor();
    await look(page, 'request-detail');
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('fits the smallest window', async () => {
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(880, 600));
    for (const [name, key] of PAGES) {
      await page.keyboard.press(`Control+${key}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await look(page, `${name}-small`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(overflow).toBe(false);
    }
  });

  it('nothing was complained about: no console error, no CSP violation', () => {
    expect(app.complaints).toEqual([]);
  });
});
