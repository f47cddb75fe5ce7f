import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failures, type Simulator, startSimulator } from '../simulator/simulator.ts';
import { ask, CLIENT_KEY, sdk } from '../testing/traffic.ts';
import { eventually, type RunningApp, startApp } from './app.ts';
import { look, seriousProblems } from './pictures.ts';

type Hook = { __ccflareTest: { trayCommand(id: string): void; trayMenu(): { id: string; label: string }[] } };

const NAMES = ['first', 'second', 'spare'] as const;

const secretOf = (name: string): string => `sk-ant-api03-${name}-SECRET-aaaaaaaa`;

describe('limits and balancing in the running app', () => {
  let upstream: Simulator;
  let app: RunningApp;
  let page: Page;

  beforeAll(async () => {
    upstream = await startSimulator({
      accounts: NAMES.map((name) => ({
        name,
        kind: 'api-key' as const,
        secret: secretOf(name),
        organizationId: `org-${name}`,
      })),
    });
    app = await startApp({
      provision: {
        settings: { onboarding: 'skipped' },
        clientKeys: [{ name: 'e2e', key: CLIENT_KEY }],
        accounts: NAMES.map((name, priority) => ({
          name,
          kind: 'api-key',
          apiKey: secretOf(name),
          baseUrl: upstream.url,
          priority,
        })),
      },
    });
    page = await app.page();
    await page.getByRole('heading', { level: 1 }).waitFor();
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  const goTo = async (name: string): Promise<void> => {
    await page.getByRole('link', { name }).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  const served = (): (string | null)[] => upstream.requests.map((request) => request.account);
  const patch = (settings: object): Promise<unknown> =>
    page.evaluate(async (change) => {
      type Bridge = { ccflare: { call(name: string, argument: unknown): Promise<unknown> } };
      return await (globalThis as unknown as Bridge).ccflare.call('settings.patch', change);
    }, settings);
  const idOf = async (name: string): Promise<string> =>
    await page.evaluate(async (wanted) => {
      type Account = { id: string; name: string };
      type Answer = { value: { accounts: Account[] } };
      type Bridge = { ccflare: { call(name: string, argument: unknown): Promise<Answer> } };
      const { value } = await (globalThis as unknown as Bridge).ccflare.call('state.get', undefined);
      return value.accounts.find((account) => account.name === wanted)?.id ?? '';
    }, name);

  it('a wall in mid-work: sessions go on elsewhere, and the board says what that cost', async () => {
    const client = sdk(app.url);
    for (let n = 0; n < 6; n += 1) await ask(client, n, `work-${n % 2}`);
    const stop = upstream.script({ account: 'first' }, failures.apiKeyLongLimit());
    for (let n = 0; n < 6; n += 1) expect(await ask(client, n, `work-${n % 2}`)).not.toBe('');
    stop();
    await goTo('Sessions');
    await eventually('both sessions on the board', async () => (await page.getByRole('row').count()) >= 3);
    await eventually('their numbers from the log', () =>
      page
        .getByRole('row', { name: /work-0/ })
        .getByText('6', { exact: true })
        .isVisible(),
    );
    await page
      .getByRole('button', { name: /1 move/ })
      .first()
      .click();
    await look(page, 'sessions-moves');
    await page.keyboard.press('Escape');
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('moves a session by hand, and its next request goes there', async () => {
    await page
      .getByRole('button', { name: /Actions for session/ })
      .first()
      .press('Enter');
    await page.getByRole('menuitem', { name: /Pin to/ }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio').first().waitFor();
    await look(page, 'sessions-pin');
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const spare = await idOf('spare');
    await page.evaluate(async (accountId) => {
      type Bridge = { ccflare: { call(name: string, argument: unknown): Promise<unknown> } };
      await (globalThis as unknown as Bridge).ccflare.call('sessions.pin', {
        sessionId: 'work-0',
        accountId,
      });
    }, spare);
    await ask(sdk(app.url), 1, 'work-0');
    expect(served().at(-1)).toBe('spare');
  });

  it('the inspector shows what was seen, and a try brings the account back', async () => {
    await goTo('Accounts');
    await page
      .getByRole('button', { name: /Inspect/ })
      .first()
      .press('Enter');
    await page
      .getByText(/retry-after/)
      .first()
      .waitFor();
    await look(page, 'cooldown-inspector');
    expect(await seriousProblems(page)).toEqual([]);
    await page
      .getByRole('button', { name: /Try now/ })
      .first()
      .press('Enter');
    await eventually('a request on the first account', async () => {
      await ask(sdk(app.url), 1, `new-${Date.now()}`);
      return served().at(-1) === 'first';
    });
    await eventually(
      'no cooldown any more',
      async () => (await page.getByRole('button', { name: /Inspect/ }).count()) === 0,
    );
  });

  it('the tray decides for everything, and the header for one request', async () => {
    const second = await idOf('second');
    const tray = (id: string) =>
      app.electron.evaluate(
        (_, command) => (globalThis as unknown as Hook).__ccflareTest.trayCommand(command),
        id,
      );
    await tray(`use:${second}`);
    await eventually('the pin', async () => {
      await ask(sdk(app.url), 1, `tray-${Date.now()}`);
      return served().at(-1) === 'second';
    });
    const client = sdk(app.url);
    await client.messages.create(
      { model: 'claude-haiku-5-5', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] },
      { headers: { 'x-ccflare-account': 'spare', 'x-ccflare-project': 'website' } },
    );
    expect(served().at(-1)).toBe('spare');
    expect(upstream.requests.at(-1)?.headers['x-ccflare-account']).toBeUndefined();
    expect(upstream.requests.at(-1)?.headers['x-ccflare-project']).toBeUndefined();
    await tray('use:auto');
  });

  it('holds a request in silence until an account is back', async () => {
    await patch({ exhaustion: 'hold', holdSeconds: 30 });
    const resetAt = Date.now() + 14_000;
    const stops = NAMES.map((account) => upstream.script({ account }, failures.apiKeyLongLimit({ resetAt })));
    const waiting = ask(sdk(app.url), 2, 'patient');
    await page.getByRole('link', { name: 'Overview' }).first().click();
    await eventually('a held request shown', () =>
      page
        .getByText(/is held/)
        .first()
        .isVisible(),
    );
    await eventually('the requests of today', async () => {
      const figures = await page.getByText('Requests today').locator('..').textContent();
      return /today[1-9]/.test(figures ?? '');
    });
    await look(page, 'overview-held');
    for (const stop of stops) stop();
    expect(await waiting).not.toBe('');
    expect(Date.now()).toBeGreaterThanOrEqual(resetAt);
    await patch({ exhaustion: 'fail' });
  });

  it('pictures the choices', async () => {
    await goTo('Settings');
    for (const title of ['Choosing accounts', 'When nobody can serve', 'Sign-in']) {
      await page.getByRole('heading', { name: title }).scrollIntoViewIfNeeded();
      await look(page, `settings-${title.toLowerCase().replaceAll(' ', '-')}`);
    }
    expect(await seriousProblems(page)).toEqual([]);
    expect(app.complaints).toEqual([]);
  });
});
