import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../ports.ts';
import { createTestWorld, KEY, type TestWorld } from './testing.ts';
import { values } from './testing-json.ts';

const SETTINGS = '.claude/settings.json';
const ORIGINAL = '{\n  // mine\n  "env": { "A": "1" }\n}\n';
const OTHER = '{ "env": { "ANTHROPIC_BASE_URL": "https://gateway.example" } }';
const USER: Actor = 'dashboard';

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld();
});
afterEach(() => world.remove());

const addressNow = (): unknown => values(world.read(SETTINGS)).env?.ANTHROPIC_BASE_URL;
const addressOf = (port: number, key = KEY): string => `http://127.0.0.1:${port}/k/${key}`;
const stateOf = async () => (await world.start().report()).claudeCode;
const record = (): string => join(world.dataDir, 'clients', 'claude-code.json');
const text = (): string => world.read(SETTINGS).toString();

/** A run of the app that dies: nothing is closed. */
async function setUpAndCrash(content: string): Promise<void> {
  world.write(SETTINGS, content);
  await world.start().apply({ hints: false }, USER);
}

describe('while the app runs', () => {
  test('the set-up follows the port and keeps the first backup', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: true }, USER);
    world.now.port = 9000;
    await setup.listening(9000);
    expect(addressNow()).toBe(addressOf(9000));
    await setup.restore(USER);
    expect(text()).toBe(ORIGINAL);
  });

  test('changes of the user survive a change of the port and a restore', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    world.write(SETTINGS, text().replace('"A": "1"', '"A": "2"'));
    world.now.port = 9000;
    await setup.listening(9000);
    expect(addressNow()).toBe(addressOf(9000));
    await setup.restore(USER);
    expect(text()).toBe(ORIGINAL.replace('"A": "1"', '"A": "2"'));
  });

  test('switching off restores, switching on sets up again, and the choice is kept', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    await setup.notListening();
    expect(text()).toBe(ORIGINAL);
    expect(await stateOf()).toMatchObject({ phase: 'off', wanted: true });
    await setup.listening(8459);
    expect(addressNow()).toBe(addressOf(8459));
    await setup.close();
    expect(text()).toBe(ORIGINAL);
    await world.start().listening(8459);
    expect(addressNow()).toBe(addressOf(8459));
  });

  test('nothing is set up after the app was closed', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    await setup.close();
    await setup.listening(8459);
    expect(text()).toBe(ORIGINAL);
  });

  test('the setting can leave Claude Code pointed here when the app quits', async () => {
    world.now.settings = { ...world.now.settings, restoreClientsOnQuit: false };
    world.write(SETTINGS, ORIGINAL.replace('// mine', ''));
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    await setup.close();
    expect(addressNow()).toBe(addressOf(8459));
    world.now.port = null;
    const { claudeCode, verdict } = await world.start().report();
    expect(claudeCode).toMatchObject({ phase: 'on', wanted: true });
    expect(claudeCode.problem).toContain('off');
    expect(verdict).toContain('the proxy is off');
  });

  test('chosen while the proxy is off, it is set up once it listens', async () => {
    world.now.port = null;
    const plain = ORIGINAL.replace('// mine', '');
    world.write(SETTINGS, plain);
    const setup = world.start();
    await setup.apply({ hints: true }, USER);
    expect(text()).toBe(plain);
    expect((await setup.report()).claudeCode).toMatchObject({ phase: 'off', wanted: true });
    world.now.port = 8459;
    await setup.listening(8459);
    expect(await stateOf()).toMatchObject({
      phase: 'on',
      hints: true,
      problem: null,
      backupAt: world.clock.now(),
    });
  });

  test('the hints are taken out again alone', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: true }, USER);
    await setup.apply({ hints: false }, USER);
    expect(values(world.read(SETTINGS)).env).toEqual({ A: '1', ANTHROPIC_BASE_URL: addressOf(8459) });
  });

  test('hints that the user had set stay through set-up and restore', async () => {
    const own = '{ "env": { "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1" } }';
    world.write(SETTINGS, own);
    const setup = world.start();
    await setup.apply({ hints: true }, USER);
    world.write(SETTINGS, `${text()}\n`);
    await setup.restore(USER);
    expect(values(world.read(SETTINGS)).env).toEqual({ CLAUDE_CODE_GATEWAY_HINT_HEADERS: '1' });
  });

  test('calls at the same time are done one after the other', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await Promise.all([
      setup.apply({ hints: true }, USER),
      setup.listening(8459),
      setup.notListening(),
      setup.listening(8459),
      setup.restore(USER),
    ]);
    expect(text()).toBe(ORIGINAL);
    expect(world.seen.events).toEqual([]);
  });

  test('CLAUDE_CONFIG_DIR decides the place, and the old place is left as it was found', async () => {
    await setUpAndCrash(ORIGINAL);
    world.now.env = { CLAUDE_CONFIG_DIR: '~/elsewhere' };
    await world.start().listening(8459);
    expect(text()).toBe(ORIGINAL);
    expect(values(world.read('elsewhere/settings.json')).env?.ANTHROPIC_BASE_URL).toBe(addressOf(8459));
    expect((await stateOf()).settingsFile).toBe(join(world.home, 'elsewhere', 'settings.json'));
  });
});

describe('when the settings are in another place now', () => {
  const BROKEN = '{ "env": {';
  const THERE = 'elsewhere/settings.json';
  const addressThere = (): unknown => values(world.read(THERE)).env?.ANTHROPIC_BASE_URL;
  const titles = async () => (await world.start().report()).findings.map(({ title }) => title);

  beforeEach(async () => {
    await setUpAndCrash(ORIGINAL);
    world.now.env = { CLAUDE_CONFIG_DIR: '~/elsewhere' };
  });

  test('an old file that cannot be read does not keep the app from setting up the new one', async () => {
    const whole = text();
    world.write(SETTINGS, BROKEN);
    await world.start().listening(8459);
    expect(addressThere()).toBe(addressOf(8459));
    expect(text()).toBe(BROKEN);
    expect(await stateOf()).toMatchObject({
      phase: 'on',
      settingsFile: join(world.home, 'elsewhere', 'settings.json'),
    });
    expect((await titles()).join()).toContain('~/.claude/settings.json could not be put back');
    // Mended by hand: the next start puts it back, from the backup that was kept.
    world.write(SETTINGS, whole);
    await world.start().listening(8459);
    expect(text()).toBe(ORIGINAL);
    expect((await titles()).join()).not.toContain('could not be put back');
  });

  test('nor does it keep the user from doing so, and the new file is the one that is shown', async () => {
    world.write(SETTINGS, BROKEN);
    const setup = world.start();
    const { file } = await setup.preview({ action: 'apply', hints: false });
    expect(file).toBe(join(world.home, 'elsewhere', 'settings.json'));
    await setup.apply({ hints: false }, USER);
    expect(addressThere()).toBe(addressOf(8459));
    await setup.restore(USER);
    expect(existsSync(join(world.home, THERE))).toBe(false);
    expect(text()).toBe(BROKEN);
  });

  test('before anything is done the page is about the new place', async () => {
    world.now.port = null;
    expect(await stateOf()).toMatchObject({
      phase: 'off',
      settingsFile: join(world.home, 'elsewhere', 'settings.json'),
    });
    await world.start().restore(USER);
    expect(text()).toBe(ORIGINAL);
  });

  test('moved back, the file that was left is taken up again', async () => {
    const whole = text();
    world.write(SETTINGS, BROKEN);
    await world.start().listening(8459);
    world.write(SETTINGS, whole);
    world.now.env = {};
    const setup = world.start();
    await setup.listening(8459);
    expect(existsSync(join(world.home, THERE))).toBe(false);
    expect(addressNow()).toBe(addressOf(8459));
    await setup.restore(USER);
    expect(text()).toBe(ORIGINAL);
  });
});

describe('after a crash', () => {
  test('between the backup and the write, the next start sets up and restores byte for byte', async () => {
    await setUpAndCrash(ORIGINAL);
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.listening(8459);
    expect(addressNow()).toBe(addressOf(8459));
    await setup.restore(USER);
    expect(text()).toBe(ORIGINAL);
  });

  test('between the record of a new port and its write, the backup is still the original', async () => {
    await setUpAndCrash(ORIGINAL);
    const before = world.read(SETTINGS);
    world.now.port = 9000;
    await world.start().listening(9000);
    // As if the second write had never reached the disk.
    world.write(SETTINGS, before);
    await world.start().restore(USER);
    expect(text()).toBe(ORIGINAL);
  });

  test('the next start repairs port and key, and never backs up its own address', async () => {
    await setUpAndCrash(ORIGINAL);
    world.now.port = 9001;
    world.now.key = 'cck_another-key-for-tests';
    world.now.ownKeys = new Set([world.now.key]);
    const setup = world.start();
    await setup.listening(9001);
    expect(addressNow()).toBe(addressOf(9001, world.now.key));
    await setup.restore(USER);
    expect(text()).toBe(ORIGINAL);
  });

  test('a start that does not want the set-up any more puts the file back', async () => {
    await setUpAndCrash(ORIGINAL);
    const stored: unknown = JSON.parse(readFileSync(record(), 'utf8'));
    writeFileSync(record(), JSON.stringify({ ...Object(stored), wanted: false }));
    world.now.settings = { ...world.now.settings, restoreClientsOnQuit: false };
    await world.start().notListening();
    expect(text()).toBe(ORIGINAL);
  });

  test('with the record lost, our address is known by its key and is neither backed up nor restored', async () => {
    await setUpAndCrash('{ "model": "opus" }');
    rmSync(world.dataDir, { recursive: true });
    world.now.port = 9001;
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    expect(addressNow()).toBe(addressOf(9001));
    await setup.restore(USER);
    expect(values(world.read(SETTINGS))).toEqual({ model: 'opus', env: {} });
  });

  test('with the record lost and nothing wanted, only the user takes our address out', async () => {
    await setUpAndCrash('{}');
    rmSync(world.dataDir, { recursive: true });
    const setup = world.start();
    await setup.listening(8459);
    expect((await setup.report()).claudeCode).toMatchObject({ phase: 'on', wanted: false });
    await setup.restore(USER);
    expect(addressNow()).toBeUndefined();
  });

  test('with the backup damaged, the restore takes out our lines alone', async () => {
    await setUpAndCrash(ORIGINAL);
    const folder = join(world.dataDir, 'clients');
    const backup = readdirSync(folder).find((name) => name.endsWith('.backup')) ?? '';
    writeFileSync(join(folder, backup), 'garbage');
    await world.start().restore(USER);
    expect(text()).toBe(ORIGINAL);
  });

  test('an address that has become ours since the backup is not restored', async () => {
    world.now.settings = { ...world.now.settings, restoreClientsOnQuit: false };
    world.write(SETTINGS, '{ "env": { "ANTHROPIC_BASE_URL": "http://localhost:8080", "B": "1" } }');
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    // The port of an older program is taken over, as an import of its settings does.
    world.now.port = 8080;
    await setup.listening(8080);
    expect(addressNow()).toBe(addressOf(8080));
    await setup.restore(USER);
    expect(values(world.read(SETTINGS)).env).toEqual({ B: '1' });
  });

  test('a half-written file with a key in it does not stay', async () => {
    await setUpAndCrash(ORIGINAL);
    writeFileSync(`${world.file}.ccflare-0.tmp`, 'half');
    await world.start().restore(USER);
    expect(readdirSync(join(world.home, '.claude'))).toEqual(['settings.json']);
  });
});

describe('changed by somebody else', () => {
  test('another address is left, said once, and stays at restore', async () => {
    await setUpAndCrash(ORIGINAL);
    world.write(SETTINGS, text().replace(addressOf(8459), 'http://localhost:3456'));
    const setup = world.start();
    await setup.listening(8459);
    await setup.listening(8459);
    expect(addressNow()).toBe('http://localhost:3456');
    const { claudeCode } = await setup.report();
    expect(claudeCode.phase).toBe('drifted');
    expect(claudeCode.problem).toContain('Claude Code Router');
    expect(world.seen.events.filter((event) => event.includes('client_setup_drifted'))).toHaveLength(1);
    await setup.restore(USER);
    expect(values(world.read(SETTINGS)).env).toEqual({ A: '1', ANTHROPIC_BASE_URL: 'http://localhost:3456' });
    expect(await stateOf()).toMatchObject({ phase: 'off', wanted: false });
  });

  test('applying again takes the new address as what is to be put back', async () => {
    await setUpAndCrash(OTHER);
    world.write(SETTINGS, text().replace(addressOf(8459), 'https://third.example'));
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    expect(await stateOf()).toMatchObject({ phase: 'on', problem: null });
    await setup.restore(USER);
    expect(text()).toBe(OTHER.replace('gateway', 'third'));
  });

  test('a removed line is not written again behind the back of the user', async () => {
    await setUpAndCrash(ORIGINAL);
    world.write(SETTINGS, '{ "env": {} }');
    const setup = world.start();
    await setup.listening(8459);
    expect(text()).toBe('{ "env": {} }');
    const { claudeCode } = await setup.report();
    expect(claudeCode).toMatchObject({ phase: 'drifted' });
    expect(claudeCode.problem).toContain('removed');
  });

  test.each([
    ['another address', (file: string) => file.replace(addressOf(8459), 'http://localhost:3456')],
    ['a removed line', () => '{ "env": {} }'],
  ])('%s is left also by the next start after a quit', async (_, change) => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    const changed = change(text());
    world.write(SETTINGS, changed);
    await setup.close();
    await world.start().listening(8459);
    expect(text()).toBe(changed);
    expect(await stateOf()).toMatchObject({ phase: 'off', wanted: false });
  });

  test('changed hints are left also by the next start after a quit', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: true }, USER);
    world.write(SETTINGS, text().replace('HINT_HEADERS": "1"', 'HINT_HEADERS": "0"'));
    await setup.close();
    await world.start().listening(8459);
    expect(addressNow()).toBe(addressOf(8459));
    expect(values(world.read(SETTINGS)).env?.CLAUDE_CODE_GATEWAY_HINT_HEADERS).toBe('0');
  });

  test('changed hints are left, while the address still follows the port', async () => {
    world.write(SETTINGS, ORIGINAL);
    const setup = world.start();
    await setup.apply({ hints: true }, USER);
    world.write(SETTINGS, text().replace('HINT_HEADERS": "1"', 'HINT_HEADERS": "0"'));
    world.now.port = 9000;
    await setup.listening(9000);
    expect(values(world.read(SETTINGS)).env).toMatchObject({
      ANTHROPIC_BASE_URL: addressOf(9000),
      CLAUDE_CODE_GATEWAY_HINT_HEADERS: '0',
    });
    await setup.restore(USER);
    expect(values(world.read(SETTINGS)).env).toEqual({ A: '1', CLAUDE_CODE_GATEWAY_HINT_HEADERS: '0' });
  });
});

describe('files that are not plain', () => {
  test('a link to a file stays a link, and its target is changed and restored', async () => {
    const target = world.write('dotfiles/claude.json', ORIGINAL);
    mkdirSync(join(world.home, '.claude'));
    symlinkSync(target, world.file);
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    expect(lstatSync(world.file).isSymbolicLink()).toBe(true);
    expect(values(readFileSync(target)).env?.ANTHROPIC_BASE_URL).toBe(addressOf(8459));
    await setup.restore(USER);
    expect(readFileSync(target, 'utf8')).toBe(ORIGINAL);
  });

  test('a link to a file that is not there yet makes it there', async () => {
    mkdirSync(join(world.home, 'dotfiles'));
    mkdirSync(join(world.home, '.claude'));
    symlinkSync('../dotfiles/claude.json', world.file);
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    expect(values(world.read('dotfiles/claude.json')).env?.ANTHROPIC_BASE_URL).toBe(addressOf(8459));
    await setup.restore(USER);
    expect(existsSync(join(world.home, 'dotfiles', 'claude.json'))).toBe(false);
  });

  const refused: [string, string, () => string | Buffer, RegExp][] = [
    ['invalid JSON', 'with its line', () => '{\n  "a": 1,\n  "b" 2\n}', /line 3/],
    ['an array', 'in words', () => '[]', /object/],
    ['an env that is no object', 'with its line', () => '{\n"env": "x"}', /line 2/],
    ['text that is not UTF-8', 'in words', () => Buffer.from('\uFEFF{}', 'utf16le'), /UTF-8/],
    ['more than 1 MB', 'in words', () => JSON.stringify({ a: 'x'.repeat(1_048_576) }), /1 MB/],
    ['thousands of brackets', 'in words', () => `{"a": ${'['.repeat(100_000)}`, /nested|valid/],
  ];
  for (const [name, how, content, words] of refused) {
    test(`${name} is refused ${how}, and nothing is written`, async () => {
      const bytes = Buffer.from(content());
      world.write(SETTINGS, bytes);
      const setup = world.start();
      await expect(setup.apply({ hints: false }, USER)).rejects.toMatchObject({
        code: 'client_settings_unreadable',
        message: expect.stringMatching(words),
      });
      expect(world.read(SETTINGS).equals(bytes)).toBe(true);
      expect(existsSync(record())).toBe(false);
      expect((await setup.report()).claudeCode).toMatchObject({
        phase: 'unreadable',
        wanted: false,
        problem: expect.stringMatching(words),
      });
    });
  }

  test('a folder in place of the file is refused', async () => {
    mkdirSync(world.file, { recursive: true });
    await expect(world.start().apply({ hints: false }, USER)).rejects.toMatchObject({
      code: 'client_settings_unreadable',
    });
  });

  test('a read-only file is refused and stays as it is', async () => {
    world.write(SETTINGS, ORIGINAL);
    chmodSync(world.file, 0o444);
    await expect(world.start().apply({ hints: false }, USER)).rejects.toMatchObject({
      code: 'client_settings_unreadable',
      message: expect.stringContaining('read-only'),
    });
    expect(text()).toBe(ORIGINAL);
  });

  test('a file that became invalid is not touched by restore, which the next start tries again', async () => {
    await setUpAndCrash(ORIGINAL);
    const whole = text();
    world.write(SETTINGS, `${whole}}`);
    const setup = world.start();
    await expect(setup.restore(USER)).rejects.toMatchObject({ code: 'client_settings_unreadable' });
    await setup.notListening();
    expect(world.seen.events.join()).toContain('client_setup_failed');
    expect(text()).toBe(`${whole}}`);
    world.write(SETTINGS, `${whole} `);
    await world.start().listening(8459);
    expect(text()).toBe(`${ORIGINAL} `);
  });

  test('a locked vault fails an automatic set-up with an event, and never throws', async () => {
    world.now.port = null;
    const setup = world.start();
    await setup.apply({ hints: false }, USER);
    world.now.port = 8459;
    world.now.locked = true;
    await setup.listening(8459);
    expect(world.seen.events.join()).toContain('client_setup_failed');
    expect((await setup.report()).claudeCode).toMatchObject({
      phase: 'off',
      problem: expect.stringMatching(/./),
    });
  });
});
