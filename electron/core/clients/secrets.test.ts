import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestWorld, KEY, type TestWorld } from './testing.ts';

const SETTINGS = '.claude/settings.json';
const SECRETS = [
  'sk-ant-api03-aaaa',
  'my-gateway-token-without-a-form',
  'pass-word-in-url',
  'header-secret-1',
  'note-secret-123456789',
];

/** A settings file with secrets in every place where people have them, all near our lines. */
const FILE = `{
  "apiKeyHelper": "echo ${SECRETS[1]}",
  "mcp": { "headers": { "x-custom": "${SECRETS[3]}" } },
  "env": { // old one: ${SECRETS[4]}
    "ANTHROPIC_API_KEY": "${SECRETS[0]}",
    "ANTHROPIC_AUTH_TOKEN": "${SECRETS[1]}",
    "ANTHROPIC_BASE_URL": "https://me:${SECRETS[2]}@gateway.example/${SECRETS[1]}",
    "DEBUG": "1"
  }
}
`;

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld();
});
afterEach(() => world.remove());

function expectNone(told: unknown): void {
  const text = JSON.stringify(told);
  for (const secret of [KEY, ...SECRETS]) expect(text).not.toContain(secret);
}

describe('previews', () => {
  test('show what would be added, with dots for the key', async () => {
    world.write(SETTINGS, '{\n  "env": {\n    "A": "1"\n  }\n}\n');
    const { file, lines } = await world.start().preview({ action: 'apply', hints: true });
    expect(file).toBe(world.file);
    expect(lines.map(({ kind, text }) => `${kind} ${text.trim()}`)).toEqual([
      'same {',
      'same "env": {',
      'removed "A": "1"',
      'added "A": "1",',
      'added "ANTHROPIC_BASE_URL": "http://127.0.0.1:8459/k/••••",',
      'added "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1"',
      'same }',
      'same }',
    ]);
  });

  test('write nothing and need no key', async () => {
    world.now.locked = true;
    const { lines } = await world.start().preview({ action: 'apply', hints: false });
    expect(lines.every(({ kind }) => kind === 'added')).toBe(true);
    expect(readdirSync(world.home)).toEqual([]);
  });

  test('are empty when there is nothing to change', async () => {
    world.write(SETTINGS, '{}');
    const setup = world.start();
    await setup.apply({ hints: false }, 'dashboard');
    expect((await setup.preview({ action: 'apply', hints: false })).lines).toEqual([]);
    await setup.restore('dashboard');
    expect((await setup.preview({ action: 'restore', hints: false })).lines).toEqual([]);
  });

  test('of a restore show the file as it comes back, and a file that we made as removed', async () => {
    const setup = world.start();
    await setup.apply({ hints: false }, 'dashboard');
    const { lines } = await setup.preview({ action: 'restore', hints: false });
    expect(lines.every(({ kind }) => kind === 'removed')).toBe(true);
    expectNone(lines);
  });

  test('stay short for a long file, and show only what is near', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `  "k${i}": ${i},`).join('\n');
    world.write(SETTINGS, `{\n${many}\n  "env": {}\n}\n`);
    const { lines } = await world.start().preview({ action: 'apply', hints: true });
    expect(lines.length).toBeLessThan(20);
  });

  test('hide every secret of the file, whatever its form', async () => {
    world.write(SETTINGS, FILE);
    const setup = world.start();
    const before = await setup.preview({ action: 'apply', hints: true });
    expect(JSON.stringify(before)).toContain('https://gateway.example/••••');
    expect(JSON.stringify(before)).toContain('\\"DEBUG\\": \\"1\\"');
    expectNone(before);
    await setup.apply({ hints: true }, 'dashboard');
    expectNone(await setup.preview({ action: 'restore', hints: false }));
  });
});

test('no secret gets into report, log, audit, events or errors, whatever happens', async () => {
  world.write(SETTINGS, FILE);
  world.write('.zshrc', `export ANTHROPIC_AUTH_TOKEN=${SECRETS[1]}\n`);
  world.now.env = { HTTPS_PROXY: `http://me:${SECRETS[2]}@proxy.example` };
  const setup = world.start();
  const told: unknown[] = [await setup.report()];
  await setup.apply({ hints: true }, 'dashboard');
  told.push(await setup.report());
  for (const { id, fix } of (await setup.report()).findings) {
    if (fix !== null)
      await setup.fix({ findingId: id }, 'dashboard').catch((error: Error) => told.push(error.message));
  }
  world.write(SETTINGS, `${world.read(SETTINGS).toString()}}`);
  await setup.listening(9000);
  await setup.restore('dashboard').catch((error: Error) => told.push(error.message));
  told.push(await setup.report(), await setup.test(), world.seen);
  expect(world.seen.audits.length).toBeGreaterThan(3);
  expect(world.seen.events.join()).toContain('client_setup_failed');
  expectNone(told);
});

test('what the app keeps beside the settings is for its owner only', async () => {
  world.write(SETTINGS, FILE, 0o644);
  const setup = world.start();
  const finding = (await setup.report()).findings.find(({ title }) => title.includes('apiKeyHelper'));
  await setup.fix({ findingId: finding?.id ?? '' }, 'dashboard');
  await setup.apply({ hints: true }, 'dashboard');
  const kept = readdirSync(join(world.dataDir, 'clients'), { recursive: true, withFileTypes: true });
  for (const entry of kept) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
  }
  expect(kept.length).toBeGreaterThan(4);
});
