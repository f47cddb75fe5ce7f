import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator/simulator.ts';
import { ask, CLIENT_KEY, sdk } from '../testing/traffic.ts';
import { eventually, filesBelow, type RunningApp, startApp } from './app.ts';
import { look, seriousProblems } from './pictures.ts';
import {
  beginSignIn,
  browse,
  catchBrowser,
  consent,
  openSignInWindow,
  setTimeoutOfSignIns,
  signInSettings,
} from './signing-in.ts';

const oauth = (name: string) => ({
  name,
  kind: 'oauth' as const,
  secret: `sk-ant-oat01-${name}-SECRET-aaaaaaaaaaaa`,
  refreshToken: `sk-ant-ort01-${name}-SECRET-bbbbbbbbbbbb`,
});

describe('signing in', () => {
  let upstream: Simulator;
  let app: RunningApp;
  let page: Page;

  beforeAll(async () => {
    upstream = await startSimulator({ accounts: ['max', 'team', 'other', 'shop'].map(oauth) });
    app = await startApp({
      provision: {
        clientKeys: [{ name: 'e2e', key: CLIENT_KEY }],
        settings: { ...signInSettings(upstream), onboarding: 'skipped' },
      },
    });
    page = await app.page();
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  afterEach(async () => {
    upstream.signIn.behaviour = 'normal';
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  const dialog = () => page.getByRole('dialog');
  const accountCount = () => page.locator('[data-account-id], article').count();

  it('in the window of the app: consent, login, owner shown before saving, and the first request', async () => {
    await beginSignIn(page, 'Subscription login');
    await look(page, 'sign-in-notice');
    expect(await seriousProblems(page)).toEqual([]);
    const window = await openSignInWindow(app, page);
    await look(page, 'sign-in-waiting');
    const title = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.getTitle()),
    );
    expect(title.some((text) => text.includes(new URL(upstream.url).host))).toBe(true);
    expect(await window.evaluate(() => typeof (globalThis as { ccflare?: unknown }).ccflare)).toBe(
      'undefined',
    );
    await consent(window, 'max');
    await dialog().getByText('max@example.com').waitFor();
    await look(page, 'sign-in-confirm');
    expect(await seriousProblems(page)).toEqual([]);
    await dialog().getByLabel('Name').fill('my max');
    await page.keyboard.press('Enter');
    await dialog().getByRole('status').waitFor();
    await look(page, 'sign-in-done');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'my max' }).waitFor();
    expect(await ask(sdk(app.url), 1)).not.toBe('');
    expect(upstream.requests.some(({ url }) => url.startsWith('/oauth/code/callback'))).toBe(false);
  });

  it('the same login a second time is refused, with the way out', async () => {
    await beginSignIn(page, 'Subscription login');
    await consent(await openSignInWindow(app, page), 'max');
    await dialog().getByText('This login is here already').waitFor();
    await look(page, 'sign-in-duplicate');
  });

  it('a console login leaves an API key and no tokens', async () => {
    const before = upstream.requests.length;
    await beginSignIn(page, 'Console login');
    await consent(await openSignInWindow(app, page), 'shop');
    await dialog().getByLabel('Name').fill('shop key');
    await page.keyboard.press('Enter');
    await dialog().getByRole('status').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'shop key' }).waitFor();
    const paths = upstream.requests.slice(before).map(({ url }) => url);
    expect(paths).toContain('/api/oauth/claude_cli/create_api_key');
  });

  it('a declined consent says so and saves nothing', async () => {
    const before = await accountCount();
    await beginSignIn(page, 'Subscription login');
    await consent(await openSignInWindow(app, page), 'team', 'Decline');
    await dialog()
      .getByText(/denied|declined/i)
      .first()
      .waitFor();
    await look(page, 'sign-in-denied');
    expect(await accountCount()).toBe(before);
  });

  it('a window that is closed ends the sign-in', async () => {
    await beginSignIn(page, 'Subscription login');
    const window = await openSignInWindow(app, page);
    await window.close();
    await dialog()
      .getByRole('button', { name: /try again/i })
      .waitFor();
  });

  it('a sign-in that nobody finishes is given up, and its window goes', async () => {
    await setTimeoutOfSignIns(page, 5000);
    upstream.signIn.behaviour = 'never';
    await beginSignIn(page, 'Subscription login');
    const [window] = await Promise.all([
      app.electron.waitForEvent('window'),
      page.getByRole('button', { name: 'Open sign-in window' }).click(),
    ]);
    if (!window.isClosed()) await window.waitForEvent('close');
    await dialog()
      .getByRole('button', { name: /try again/i })
      .waitFor();
    await look(page, 'sign-in-expired');
    await setTimeoutOfSignIns(page, 600_000);
  });

  it('the system browser comes back to this computer', async () => {
    const opened = await catchBrowser(app);
    await beginSignIn(page, 'Subscription login');
    const window = await openSignInWindow(app, page);
    const closed = window.waitForEvent('close');
    await dialog().getByRole('button', { name: 'Use the system browser instead' }).click();
    await closed;
    const url = await eventually('an address for the browser', async () => (await opened()).at(-1) ?? null);
    const target = new URL(url);
    target.searchParams.set('account', 'team');
    const landed = await browse(target);
    expect(landed.status).toBe(200);
    expect(landed.text).not.toContain('code_');
    await dialog().getByText('team@example.com').waitFor();
    await dialog().getByLabel('Name').fill('team');
    await page.keyboard.press('Enter');
    await dialog().getByRole('status').waitFor();
  });

  it('a pasted code does as well', async () => {
    const opened = await catchBrowser(app);
    await beginSignIn(page, 'Subscription login');
    const window = await openSignInWindow(app, page);
    const closed = window.waitForEvent('close');
    await dialog().getByRole('button', { name: 'Paste a code instead' }).click();
    await closed;
    const url = await eventually('an address for the browser', async () => (await opened()).at(-1) ?? null);
    const target = new URL(url);
    target.searchParams.set('account', 'other');
    const shown = await browse(target);
    const code = /id="code"[^>]*>([^<]+)</.exec(shown.text)?.[1] ?? '';
    await look(page, 'sign-in-paste');
    await dialog().getByLabel('Code from the page').fill(code);
    await page.keyboard.press('Enter');
    await dialog().getByText('other@example.com').waitFor();
  });

  describe('attacks', () => {
    it('an answer with somebody else’s state is refused and its code is never exchanged', async () => {
      upstream.signIn.behaviour = 'wrong-state';
      const before = upstream.requests.length;
      await beginSignIn(page, 'Subscription login');
      await consent(await openSignInWindow(app, page), 'other');
      await dialog()
        .getByRole('button', { name: /try again/i })
        .waitFor();
      await look(page, 'sign-in-wrong-state');
      expect(upstream.requests.slice(before).map(({ url }) => url)).not.toContain('/v1/oauth/token');
    });

    it('a page that takes on the redirect’s address without going there is heard, and its state compared', async () => {
      const before = upstream.requests.length;
      await beginSignIn(page, 'Subscription login');
      const window = await openSignInWindow(app, page);
      const gone = window.waitForEvent('close');
      await window
        .evaluate(() => history.pushState({}, '', '/oauth/code/callback?code=stolen&state=guessed'))
        .catch(() => undefined);
      await gone;
      await dialog()
        .getByRole('button', { name: /try again/i })
        .waitFor();
      expect(upstream.requests.slice(before).map(({ url }) => url)).not.toContain('/v1/oauth/token');
    });

    it.each(['foreign-redirect', 'foreign-redirect-https'] as const)(
      'a redirect to a foreign host (%s) is stopped before it loads',
      async (behaviour) => {
        upstream.signIn.behaviour = behaviour;
        const before = upstream.requests.length;
        await beginSignIn(page, 'Subscription login');
        await consent(await openSignInWindow(app, page), 'other');
        await dialog()
          .getByRole('button', { name: /try again/i })
          .waitFor();
        const paths = upstream.requests.slice(before).map(({ url }) => url);
        expect(paths.filter((url) => url.startsWith('/stolen'))).toEqual([]);
        expect(paths).not.toContain('/v1/oauth/token');
      },
    );

    it('a popup never opens', async () => {
      upstream.signIn.behaviour = 'popup';
      const before = upstream.requests.length;
      await beginSignIn(page, 'Subscription login');
      const window = await openSignInWindow(app, page);
      await window.getByRole('link', { name: 'other' }).waitFor();
      const count = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
      expect(count).toBe(2);
      const paths = upstream.requests.slice(before).map(({ url }) => url);
      expect(paths.filter((url) => url.startsWith('/stolen'))).toEqual([]);
      await window.close();
    });

    it('a download is not saved, and another program is not started', async () => {
      for (const behaviour of ['download', 'external-protocol'] as const) {
        upstream.signIn.behaviour = behaviour;
        await beginSignIn(page, 'Subscription login');
        const window = await openSignInWindow(app, page);
        await window.getByRole('link', { name: 'other' }).click();
        await window.getByRole('button', { name: 'Authorize' }).click({ noWaitAfter: true });
        await window.close().catch(() => undefined);
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'hidden' });
      }
      expect(filesBelow(app.dataDir).filter(({ file }) => file.endsWith('.exe'))).toEqual([]);
    });
  });

  it('signs an account in again in its place: a revoked login, priority and history kept', async () => {
    upstream.account('max').revoke();
    await ask(sdk(app.url), 3, 'revoked').catch(() => undefined);
    await page
      .getByRole('button', { name: /sign in again/i })
      .first()
      .waitFor();
    await look(page, 'sign-in-needed');
    upstream.account('max').restore();
    await page
      .getByRole('button', { name: /sign in again/i })
      .first()
      .press('Enter');
    await look(page, 'sign-in-again');
    const window = await openSignInWindow(app, page);
    await consent(window, 'max');
    await dialog().getByText('my max is signed in again').waitFor();
    await page.keyboard.press('Escape');
    expect(await ask(sdk(app.url), 4, 'again')).not.toBe('');
  });

  it('leaves no token, code or key on disk in clear, and no complaint of the page', async () => {
    expect(app.complaints).toEqual([]);
    await app.stop();
    const secrets = [
      ...upstream.requests.flatMap(({ headers }) => [headers.authorization, headers['x-api-key']]),
    ]
      .flatMap((value) => (typeof value === 'string' ? [value.replace('Bearer ', '')] : []))
      .filter((value) => value.startsWith('sk-ant'));
    expect(secrets.length).toBeGreaterThan(0);
    for (const { file, bytes } of filesBelow(app.dataDir)) {
      for (const secret of new Set(secrets)) {
        expect({ file, found: bytes.includes(secret) }).toEqual({ file, found: false });
      }
    }
    app = await startApp({ dataDir: app.dataDir });
    page = await app.page();
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
});
