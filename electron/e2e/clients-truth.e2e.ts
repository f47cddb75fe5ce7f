import { spawnSync } from 'node:child_process';
import http from 'node:http';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestWorld, type TestWorld } from '../core/clients/testing.ts';
import { type ClaudeRun, runClaude } from './claude-cli.ts';
import { CASES, type Case, MANAGED, NOBODY, PORT, PROXY, SOCKET } from './claude-detours.ts';

/** Longest run of the client, ms. */
const RUN_MS = 30_000;

let world: TestWorld;
const open: net.Server[] = [];
beforeEach(() => {
  world = createTestWorld();
});
afterEach(() => {
  for (const server of open.splice(0)) server.close();
  world.remove();
});

/** Where the client's request showed up first; null when it gave up without any. */
type Seen = 'app' | 'elsewhere' | null;

/** A port or socket that answers nothing useful and says when something arrives. */
async function listen(arrived: () => void, socket?: string): Promise<number> {
  const server = http.createServer((req, res) => {
    if (req.method === 'POST') arrived();
    res.writeHead(req.url === '/health' ? 200 : 400, { 'content-type': 'application/json' });
    res.end('{"type":"error","error":{"type":"invalid_request_error","message":"seen"}}');
  });
  server.on('connect', (_req, tunnel) => {
    arrived();
    tunnel.on('error', () => undefined);
    tunnel.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(socket ?? { port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** Sets up the case, asks the doctor, and runs the client. */
async function compare(given: Case): Promise<{ told: boolean; verdict: string; seen: Seen }> {
  let seen: Seen = null;
  const done = new AbortController();
  const arrived = (where: Seen) => () => {
    seen ??= where;
    done.abort();
  };
  const port = await listen(arrived('app'));
  const socket = path.join(world.home, 's');
  await listen(arrived('elsewhere'), socket);
  const proxy = `http://127.0.0.1:${await listen(arrived('elsewhere'))}`;
  const filled = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(PROXY, proxy)
        .replaceAll(PORT, String(port))
        .replaceAll(SOCKET, socket),
    );
  world.now.port = port;
  const env = filled(given.env ?? {});
  world.now.env = env;
  for (const [file, variables] of Object.entries(filled(given.managed ?? {}))) {
    world.write(file, JSON.stringify({ env: variables }));
  }
  world.write('.claude/settings.json', JSON.stringify({ env: filled(given.settings ?? {}) }));
  await world.start().apply({ hints: false }, 'dashboard');
  const { edit } = given;
  if (edit) world.write('.claude/settings.json', edit(world.read('.claude/settings.json').toString()));
  const { verdict, claudeCode } = await world.start().report();
  await runClaude({
    home: world.home,
    env: { ...env, ...NOBODY },
    prompt: 'Hi.',
    withinMs: RUN_MS,
    until: done.signal,
    ...(given.managed === undefined ? {} : { under: organisation(world.home) }),
  });
  return { told: claudeCode.phase === 'on', verdict, seen };
}

const NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount'];

/** Puts a folder in the place of an organisation's settings, for one process and without rights. */
function organisation(folder: string): string[] {
  const script =
    'mount -t tmpfs none /etc && mkdir /etc/claude-code && mount --bind "$0" /etc/claude-code && exec "$@"';
  return [...NAMESPACE, 'sh', '-c', script, folder];
}

const [unshare = '', ...its] = NAMESPACE;
const canPretend =
  process.platform === 'linux' &&
  spawnSync(unshare, [...its, 'mount', '-t', 'tmpfs', 'none', '/etc']).status === 0;

async function agree(given: Case): Promise<void> {
  const { told, verdict, seen } = await compare(given);
  expect({ told, verdict, came: seen === 'app' }).toEqual({
    told: given.comes,
    verdict: given.comes
      ? expect.stringMatching(/^Claude Code sends its requests to this app, /)
      : expect.not.stringMatching(/sends its requests to this app/),
    came: given.comes,
  });
}

/** Runs the client through the launcher, with the app there or gone, while its settings file names the app. */
async function launched(args: readonly string[], appRuns: boolean): Promise<{ seen: Seen; run: ClaudeRun }> {
  let seen: Seen = null;
  const done = new AbortController();
  const arrived = (where: Seen) => () => {
    seen ??= where;
    done.abort();
  };
  world.now.port = await listen(arrived('app'));
  const elsewhere = `http://127.0.0.1:${await listen(arrived('elsewhere'))}`;
  await world.start().apply({ hints: false }, 'dashboard');
  const launcher = world.start().snippetText('launcher', 'key-1');
  if (!appRuns) open.shift()?.close();
  const script = `mkdir -p bin && ln -sf "$0" bin/claude && PATH="$PWD/bin:$PATH"\n${launcher}\nclaude "$@"`;
  const run = await runClaude({
    home: world.home,
    env: { HTTPS_PROXY: elsewhere, NO_PROXY: '127.0.0.1', ...NOBODY },
    args,
    withinMs: RUN_MS,
    until: done.signal,
    under: ['sh', '-c', script],
  });
  return { seen, run };
}

describe('the launcher', () => {
  it('leads to this app while it runs', async () => {
    expect((await launched(['-p', 'Hi.'], true)).seen).toBe('app');
  });

  it('leads past the set-up, to the provider, while the app is gone', async () => {
    expect((await launched(['-p', 'Hi.'], false)).seen).toBe('elsewhere');
  });

  it.each([true, false])('passes commands and arguments on (app there: %s)', async (appRuns) => {
    const { run } = await launched(['mcp', "--it's-no-option"], appRuns);
    expect(run.stderr).toContain("'--it's-no-option'");
  });
});

/**
 * What the doctor says Claude Code will do, beside what the real one does. It is set up, and then something else is
 * set, too: it is run until its request shows up somewhere, at this app's port or elsewhere.
 */
describe('the doctor and the real Claude Code agree whether it comes here', () => {
  for (const given of CASES) {
    it(`with ${given.name}`, () => agree(given), RUN_MS * 2);
  }

  describe.runIf(canPretend)('when an organisation sets', () => {
    for (const given of MANAGED) it(given.name, () => agree(given), RUN_MS * 2);
  });
});
