import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineInit } from '../core/thread-contract.ts';
import { startEngineThread } from './testing/engine-thread.ts';

const ORIGINAL = '{\n  "model": "opus"\n}\n';

let folder: string;
let settings: string;
const open: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccflare-engine-clients-'));
  mkdirSync(path.join(folder, 'claude'));
  settings = path.join(folder, 'claude', 'settings.json');
  writeFileSync(settings, ORIGINAL);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

const dataDir = (): string => path.join(folder, 'data');
const text = (): string => readFileSync(settings, 'utf8');

async function run(init: Partial<EngineInit> = {}, env: Record<string, string> = {}) {
  const there = { ...env, CLAUDE_CONFIG_DIR: path.dirname(settings) };
  const engine = await startEngineThread({ dataDir: dataDir(), ...init }, there);
  open.push(engine);
  return engine;
}

/** Claude Code is pointed at an app that dies; answers the port that its settings name. */
async function setUpAndCrash(): Promise<number> {
  const engine = await run();
  const url = await engine.start();
  await engine.client.call('clients.apply', { hints: false, actor: 'dashboard' });
  expect(text()).toContain(`${url}/k/cck_`);
  await engine.crash();
  open.length = 0;
  return Number(new URL(url).port);
}

async function block(port: number): Promise<void> {
  const other: Server = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  open.push({ stop: async () => void other.close() });
}

it('a demo does not touch the real settings of a client', async () => {
  const engine = await run({ demo: true });
  await engine.start();
  await engine.client.call('clients.apply', { hints: false, actor: 'dashboard' });
  expect(text()).toBe(ORIGINAL);
  const demo = path.join(dataDir(), 'home', '.claude', 'settings.json');
  expect(readFileSync(demo, 'utf8')).toContain('/k/cck_');
});

it('clients get their settings back while the shell sleeps in an event of the system', async () => {
  const engine = await run();
  await engine.start();
  await engine.client.call('clients.apply', { hints: false, actor: 'dashboard' });
  const ended = new SharedArrayBuffer(4);
  const answer = engine.client.call('shutdown', { deadlineMs: 0, ended });
  expect(Atomics.wait(new Int32Array(ended), 0, 0, 15_000)).toBe('ok');
  expect(text()).toBe(ORIGINAL);
  // The steps of a usual quit may follow.
  expect(await answer).toBe(null);
  expect(await engine.client.call('shutdown', { deadlineMs: 1000 })).toBe(null);
});

it('Claude Code gets another key at once when the one in its settings is revoked', async () => {
  const engine = await run();
  const url = await engine.start();
  await engine.client.call('clients.apply', { hints: false, actor: 'dashboard' });
  const before = text();
  const { clientKeys } = await engine.client.call('state', undefined);
  const id = clientKeys.find(({ name }) => name === 'Claude Code')?.id ?? '';
  await engine.client.call('clientKeys.revoke', { id, actor: 'dashboard' });
  expect(text()).toContain(`${url}/k/cck_`);
  expect(text()).not.toBe(before);
  const { claudeCode } = await engine.client.call('clients.report', undefined);
  expect(claudeCode.phase).toBe('on');
  await engine.client.call('clients.restore', { actor: 'dashboard' });
  expect(text()).toBe(ORIGINAL);
});

it('projects that Claude Code was used in are looked at', async () => {
  const project = path.join(folder, 'work');
  mkdirSync(path.join(project, '.claude'), { recursive: true });
  const env = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:3456' };
  writeFileSync(path.join(project, '.claude', 'settings.json'), JSON.stringify({ env }));
  writeFileSync(path.join(folder, 'claude', '.claude.json'), JSON.stringify({ projects: { [project]: {} } }));
  const engine = await run();
  await engine.start();
  const { findings } = await engine.client.call('clients.report', undefined);
  expect(findings.map(({ title }) => title).join()).toContain(path.join(project, '.claude', 'settings.json'));
});

describe('after a crash', () => {
  it('clients are not left with another program that has taken the port since', async () => {
    const port = await setUpAndCrash();
    await block(port);
    const engine = await run({ portOverride: null }, { PORT: String(port) });
    await expect(engine.start()).rejects.toMatchObject({ view: { code: 'port_in_use' } });
    expect(text()).toBe(ORIGINAL);
  });

  it('clients are not left pointed at an app whose database cannot be opened', async () => {
    await setUpAndCrash();
    writeFileSync(path.join(dataDir(), 'ccflare.db'), 'no database at all '.repeat(500));
    const engine = await run();
    await expect(engine.start()).rejects.toMatchObject({ view: { code: 'database_damaged' } });
    expect(text()).toBe(ORIGINAL);
  });

  it('clients of a proxy that is given up get their settings back until it runs again', async () => {
    await setUpAndCrash();
    const helper = await run({ task: 'release-clients' });
    await helper.client.call('start', undefined);
    expect(text()).toBe(ORIGINAL);
    await helper.stop();
    open.length = 0;
    const engine = await run();
    const url = await engine.start();
    await expect.poll(text).toContain(`${url}/k/cck_`);
  });

  it('--restore-clients works without a database', async () => {
    await setUpAndCrash();
    writeFileSync(path.join(dataDir(), 'ccflare.db'), 'no database at all '.repeat(500));
    const engine = await run({ task: 'restore-clients' });
    await engine.client.call('start', undefined);
    expect(text()).toBe(ORIGINAL);
    const { claudeCode } = await engine.client.call('clients.report', undefined);
    expect(claudeCode).toMatchObject({ phase: 'off', wanted: false });
  });
});
