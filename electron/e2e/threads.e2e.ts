import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../simulator/simulator.ts';
import { ask, provisionFor, sdk, startUpstream } from '../testing/traffic.ts';
import { eventually, type RunningApp, startApp } from './app.ts';

/** What the app offers to tests (only unpackaged and with CCFLARE_TEST=1). */
type TestHook = { __ccflareTest: { killThread(name: 'engine' | 'archive'): void } };

describe('a thread that dies', () => {
  let upstream: Simulator;
  let app: RunningApp;

  beforeAll(async () => {
    upstream = await startUpstream();
    app = await startApp({ provision: provisionFor(upstream) });
    await app.page();
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  const kill = (name: 'engine' | 'archive') =>
    app.electron.evaluate(
      (_, thread) => (globalThis as unknown as TestHook).__ccflareTest.killThread(thread),
      name,
    );

  it('archive: comes back, and no request fails meanwhile', async () => {
    const client = sdk(app.url);
    expect(await ask(client, 1)).not.toBe('');
    await kill('archive');
    for (let n = 2; n < 20; n += 1) expect(await ask(client, n)).not.toBe('');
    const page = await app.page();
    // Keys count once the page is there.
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.keyboard.press('Control+3');
    await eventually('all rows', async () => (await page.getByRole('row').count()) >= 19);
  });

  it('engine: comes back on the same port, keeps its accounts, and the window says so', async () => {
    const died = Date.now();
    await kill('engine');
    const client = sdk(app.url);
    await eventually('an answer', () => ask(client, 1).catch(() => null), 5000);
    expect(Date.now() - died).toBeLessThan(5000);
    const page = await app.page();
    // Keys count once the page is there.
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.keyboard.press('Control+1');
    await eventually('words about it', () =>
      page
        .getByText(/restarted|started again|came back/i)
        .first()
        .isVisible(),
    );
  });
});
