import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The login of somebody with a subscription, as the client keeps it. The simulated provider does not know it. */
const OWN_TOKEN = 'sk-ant-oat01-of-the-client-itself';
const OWN_SUBSCRIPTION = JSON.stringify({
  claudeAiOauth: {
    accessToken: OWN_TOKEN,
    refreshToken: 'sk-ant-ort01-of-the-client-itself',
    expiresAt: Date.now() + 8 * 3_600_000,
    scopes: ['user:inference', 'user:profile', 'user:sessions:claude_code'],
    subscriptionType: 'max',
    rateLimitTier: 'default_claude_max_20x',
  },
});

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
  // The token is found in the session, where only the user can remove it.
  const env = { HOME: home, CLAUDE_CONFIG_DIR: config, CLAUDE_CODE_OAUTH_TOKEN: OWN_TOKEN };
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
    await page.getByRole('button', { name: 'Copy command' }).scrollIntoViewIfNeeded();
    await look(page, 'clients-command');
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('works for the real client right after it', async () => {
    const before = upstream.requests.length;
    const { code, stdout, stderr } = await runClaude({ home, env: OWN_LOGIN, prompt: 'Say hello.' });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.trim()).not.toBe('');
    expect(upstream.requests.slice(before).some(({ url }) => url.startsWith('/v1/messages'))).toBe(true);
  });

  it('leaves the login and the subscription of the real client alone', async () => {
    const login = path.join(config, '.credentials.json');
    writeFileSync(login, OWN_SUBSCRIPTION, { mode: 0o600 });
    const before = upstream.requests.length;
    const { code, stdout } = await runClaude({ home, env: {}, prompt: 'Say hello.' });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/\w/) });
    const sent = upstream.requests.slice(before).filter(({ url }) => url.startsWith('/v1/messages'));
    expect(sent).not.toEqual([]);
    // Answered by accounts of the app; the token that the client presented has stayed on this computer.
    expect(sent.map(({ account }) => account)).not.toContain(null);
    expect(JSON.stringify(sent.map(({ rawHeaders }) => rawHeaders))).not.toContain(OWN_TOKEN);
    const status = await runClaude({ home, env: {}, args: ['auth', 'status'] });
    expect(JSON.parse(status.stdout)).toMatchObject({
      loggedIn: true,
      authMethod: 'claude.ai',
      subscriptionType: 'max',
    });
    expect(readFileSync(login, 'utf8')).toBe(OWN_SUBSCRIPTION);
    rmSync(login);
  });

  it('tests the whole way and says so', async () => {
    await page.getByRole('button', { name: 'Run connection test' }).click();
    await page.getByText(/works/i).first().waitFor();
    await look(page, 'clients-test');
  });

  it('does not call it working when another proxy swallows the requests, and mends that with the set-up', async () => {
    const setUp = settings();
    writeFileSync(file, setUp.replace('"FOO": "bar"', '"FOO": "bar", "HTTPS_PROXY": "http://127.0.0.1:9"'));
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('Set up, without effect').waitFor();
    await page.getByRole('button', { name: 'Run it again' }).click();
    await page.getByText(/It stops at step 5, “Claude Code comes here”/).waitFor();
    await look(page, 'clients-overruled');
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set up again…' }).click();
    await page.getByRole('checkbox', { name: /^Sets NO_PROXY/ }).waitFor();
    await page.getByRole('dialog').getByText('"NO_PROXY"').waitFor();
    await look(page, 'clients-obstacle');
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Set up', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByText('Set up', { exact: true }).waitFor();
    expect(settings()).toContain('"NO_PROXY": "127.0.0.1,localhost"');
    const { code } = await runClaude({ home, env: OWN_LOGIN, prompt: 'Say hello.' });
    expect(code).toBe(0);
    writeFileSync(file, setUp);
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
