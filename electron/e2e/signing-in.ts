import http from 'node:http';
import type { Page } from 'playwright-core';
import type { Simulator } from '../simulator/simulator.ts';
import type { RunningApp } from './app.ts';

/** Settings that send every sign-in to a simulated provider. */
export function signInSettings({ url }: Simulator): Record<string, string> {
  return {
    oauthAuthorizeUrl: `${url}/cai/oauth/authorize`,
    oauthConsoleAuthorizeUrl: `${url}/oauth/authorize`,
    oauthTokenUrl: `${url}/v1/oauth/token`,
    oauthRedirectUrl: `${url}/oauth/code/callback`,
    oauthApiUrl: url,
  };
}

/** Goes through the dialog up to the button that opens the sign-in, by keyboard where a person would. */
export async function beginSignIn(page: Page, way: 'Subscription login' | 'Console login'): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').first().fill('Add account');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Accounts' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  await page
    .getByRole('button', { name: /add account/i })
    .first()
    .press('Enter');
  await page.getByRole('radio', { name: new RegExp(way) }).check();
  await page.getByRole('button', { name: 'Continue' }).press('Enter');
  if (way === 'Subscription login') await page.getByRole('checkbox').check();
}

/** Presses the button and answers the window that opens. */
export async function openSignInWindow(app: RunningApp, page: Page): Promise<Page> {
  const [window] = await Promise.all([
    app.electron.waitForEvent('window'),
    page.getByRole('button', { name: 'Open sign-in window' }).click(),
  ]);
  await window.waitForLoadState('domcontentloaded');
  return window;
}

/** Chooses an account on the provider's page, and allows or declines. */
export async function consent(
  window: Page,
  account: string,
  answer: 'Authorize' | 'Decline' = 'Authorize',
): Promise<void> {
  await window.getByRole('link', { name: account }).click();
  const gone = window.waitForEvent('close');
  await window.getByRole('button', { name: answer }).click({ noWaitAfter: true });
  await gone;
}

/** Addresses that the app has asked the system's browser to open, instead of opening them. */
export async function catchBrowser(app: RunningApp): Promise<() => Promise<string[]>> {
  await app.electron.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedByTest: opened });
    shell.openExternal = (url: string) => {
      opened.push(url);
      return Promise.resolve();
    };
  });
  return () =>
    app.electron.evaluate(() => (globalThis as unknown as { openedByTest: string[] }).openedByTest);
}

/** Goes to an address as a browser does: follows redirects, and says that a person navigates. */
export function browse(target: URL): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get(target, { headers: { 'sec-fetch-mode': 'navigate' } }, (response) => {
      const { statusCode: status = 0, headers } = response;
      if (status >= 300 && status < 400 && headers.location !== undefined) {
        response.resume();
        resolve(browse(new URL(headers.location, target)));
        return;
      }
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status, text }));
    });
    request.on('error', reject);
  });
}

/** Changes how long a sign-in may take, as the settings page would. */
export async function setTimeoutOfSignIns(page: Page, ms: number): Promise<void> {
  await page.evaluate(async (signInTimeoutMs) => {
    type Bridge = { ccflare: { call(name: string, argument: unknown): Promise<unknown> } };
    await (globalThis as unknown as Bridge).ccflare.call('settings.patch', { signInTimeoutMs });
  }, ms);
}
