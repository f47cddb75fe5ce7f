import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUserFolder } from '../../scripts/lib/launch-target.mjs';
import type { Simulator } from '../simulator/simulator.ts';
import { ACCOUNTS, provisionFor, startUpstream } from '../testing/traffic.ts';
import { eventually, type RunningApp, startApp } from './app.ts';
import { runClaude } from './claude-cli.ts';
import { runElectron } from './launcher.ts';
import { look, seriousProblems } from './pictures.ts';

/** A settings file as people have them: odd spaces, mixed indentation, and no newline at its end. */
const SETTINGS = `{
  "theme":   "dark",
\t"env": { "FOO": "bar" },
    "permissions": { "allow": ["Bash(ls:*)"] }
}`;

/** A login that the client has of its own; the simulated provider knows it. */
const OWN_LOGIN = { ANTHROPIC_API_KEY: ACCOUNTS[0]?.secret ?? '' };

/** A folder of the user that the app and the client run as. */
function userFolder(name: string): string {
  const folder = newUserFolder(name);
  chmodSync(folder, 0o777);
  return folder;
}

function giveToUser(file: string): void {
  const { CCFLARE_USER_UID: uid, CCFLARE_USER_GID: gid } = process.env;
  if (uid && gid) chownSync(file, Number(uid), Number(gid));
}

describe('setting up Claude Code', () => {
  const home = userFolder('home');
  const config = path.join(home, '.claude');
  const file = path.join(config, 'settings.json');
  const env = { HOME: home, CLAUDE_CONFIG_DIR: config };
  const dataDir = newUserFolder('clients');
  let upstream: Simulator;
  let app: RunningApp;
  let page: Page;

  const settings = () => readFileSync(file, 'utf8');
  const openClients = async (): Promise<void> => {
    page = await app.page();
    await page.getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor();
  };

  beforeAll(async () => {
    mkdirSync(config);
    giveToUser(config);
    writeFileSync(file, SETTINGS);
    giveToUser(file);
    upstream = await startUpstream();
    app = await startApp({ dataDir, env, provision: provisionFor(upstream) });
    await openClients();
  });

  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('shows what will change before it does', async () => {
    await page
      .getByRole('button', { name: /^Set up Claude Code/ })
      .first()
      .press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('ANTHROPIC_BASE_URL').first().waitFor();
    await look(page, 'clients-diff');
    expect(await seriousProblems(page)).toEqual([]);
    expect(await dialog.textContent()).not.toContain('cck_');
    expect(settings()).toBe(SETTINGS);
  });

  it('adds one variable and leaves every other byte alone', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Set up', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await eventually('our address', () => settings().includes('ANTHROPIC_BASE_URL'));
    expect(settings()).toContain('    "permissions": {');
    expect(settings()).toContain('"theme":   "dark"');
    await look(page, 'clients-on');
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('works for the real client right after it', async () => {
    const before = upstream.requests.length;
    const { code, stdout, stderr } = await runClaude({ home, env: OWN_LOGIN, prompt: 'Say hello.' });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.trim()).not.toBe('');
    expect(upstream.requests.slice(before).some(({ url }) => url.startsWith('/v1/messages'))).toBe(true);
  });

  it('tests the whole way and says so', async () => {
    await page.getByRole('button', { name: 'Run connection test' }).click();
    await page.getByText(/works/i).first().waitFor();
    await look(page, 'clients-test');
  });

  it('puts the file back byte for byte on quit, and sets it up again at the next start', async () => {
    expect(await app.stop()).toBe(0);
    expect(settings()).toBe(SETTINGS);
    app = await startApp({ dataDir, env });
    await eventually('our address again', () => settings().includes(app.url));
    await openClients();
  });

  it('after a crash the next start names the new port, and a quit puts the file back', async () => {
    await app.stop('SIGKILL');
    expect(settings()).toContain('ANTHROPIC_BASE_URL');
    app = await startApp({ dataDir, env });
    await eventually('the new address', () => settings().includes(app.url));
    await app.stop();
    expect(settings()).toBe(SETTINGS);
    app = await startApp({ dataDir, env });
    await eventually('the address', () => settings().includes(app.url));
    await openClients();
  });

  it('says when somebody else changed it, and leaves that alone', async () => {
    writeFileSync(
      file,
      settings().replace(/"ANTHROPIC_BASE_URL":\s*"[^"]*"/, '"ANTHROPIC_BASE_URL": "http://127.0.0.1:8080"'),
    );
    await page.getByRole('button', { name: /check again/i }).click();
    await page
      .getByText(/changed/i)
      .first()
      .waitFor();
    await look(page, 'clients-drifted');
    expect(settings()).toContain('8080');
    writeFileSync(file, SETTINGS);
  });

  it('uninstallers put it back without a window', async () => {
    await page.getByRole('button', { name: /check again/i }).click();
    await page
      .getByRole('button', { name: /^Set up (Claude Code|again)/ })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /set up/i })
      .click();
    await eventually('our address', () => settings().includes('/k/'));
    await app.stop('SIGKILL');
    const { code, stdout } = await runElectron({ args: ['--data-dir', dataDir, '--restore-clients'], env });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^ccflare: .*settings\.json/m);
    expect(settings()).toBe(SETTINGS);
    app = await startApp({ dataDir, env });
  });

  it('works for the real client right after the restore, without us', async () => {
    await app.stop();
    expect(settings()).toBe(SETTINGS);
    const result = await runClaude({
      home,
      env: { ...OWN_LOGIN, ANTHROPIC_BASE_URL: upstream.url },
      prompt: 'Hi.',
    });
    expect(result).toMatchObject({ code: 0 });
    app = await startApp({ dataDir, env });
  });
});
