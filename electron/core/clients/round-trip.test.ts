import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestWorld, KEY, type TestWorld } from './testing.ts';
import { anySettings, values } from './testing-json.ts';

const SETTINGS = '.claude/settings.json';
const ADDRESS = `http://127.0.0.1:8459/k/${KEY}`;

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld();
});
afterEach(() => world.remove());

const FILES: Record<string, string> = {
  'two spaces': '{\n  "model": "opus",\n  "env": {\n    "A": "1"\n  }\n}\n',
  'four spaces, no last line end': '{\n    "model": "opus"\n}',
  tabs: '{\n\t"env": {\n\t\t"A": "1"\n\t},\n\t"x": [1, 2]\n}\n',
  'Windows line ends': '{\r\n  "env": {\r\n    "A": "1"\r\n  }\r\n}\r\n',
  'a byte order mark': '\uFEFF{\n  "env": {}\n}\n',
  'old Mac line ends': '{\r  "a": 1, // note\r  "env": { "A": "1" // note\r }\r}\r',
  minified: '{"a":1,"env":{"A":"1"},"b":[]}',
  empty: '',
  'only space': '\n\n',
  'an empty object': '{}',
  'line comments': '{\n  // my settings\n  "env": {\n    "A": "1" // keep\n    // last word\n  } // end\n}\n',
  'a block comment before the comma':
    '{\n  "a": 1 /* one */ , /* two */\n  "env": { "A": "1" /* three */ }\n}',
  'trailing commas': '{\n  "a": 1,\n  "env": {\n    "A": "1",\n  },\n}\n',
  'a comment alone in env': '{ "env": { /* nothing yet */ } }',
  'a line comment alone in env': '{\n  "env": { // nothing yet\n  }\n}',
  'odd formatting': '  {"a"  :1,\n\n "env":\n{"A":"1"\n      ,"B" : "2"}\n\n\n}  \n\n',
  'an address of somebody else': '{"env": {"ANTHROPIC_BASE_URL": "https://gateway.example/x", "A": "1"}}',
  'both variables already':
    '{"env":{"CLAUDE_CODE_GATEWAY_HINT_HEADERS":"1","ANTHROPIC_BASE_URL":"https://a.example"}}',
  'values of other kinds':
    '{"env": {"ANTHROPIC_BASE_URL": null, "CLAUDE_CODE_GATEWAY_HINT_HEADERS": [1, /* x */ 2]}}',
  'one name twice': '{"env": {"ANTHROPIC_BASE_URL": "a", "ANTHROPIC_BASE_URL": "b"}, "x": 1, "x": 2}',
  'env twice': '{"env": {"A": "1"}, "env": {"B": "2"}}',
  'names that are special in JavaScript':
    '{"__proto__": {"a": 1}, "env": {"constructor": "1", "__proto__": "2"}}',
  'letters of other scripts': '{"env": {"Ä": "日本語 🙂 \\u0000 \\" \\\\"}}',
};

describe('setting up and restoring', () => {
  for (const [name, content] of Object.entries(FILES)) {
    test(`a file with ${name} comes back byte for byte`, async () => {
      world.write(SETTINGS, content);
      const setup = world.start();
      await setup.apply({ hints: true }, 'dashboard');
      const changed = world.read(SETTINGS);
      expect(values(changed).env).toMatchObject({
        ANTHROPIC_BASE_URL: ADDRESS,
        CLAUDE_CODE_GATEWAY_HINT_HEADERS: '1',
      });
      await setup.apply({ hints: true }, 'dashboard');
      expect(world.read(SETTINGS)).toEqual(changed);
      await setup.restore('dashboard');
      expect(world.read(SETTINGS)).toEqual(Buffer.from(content));
    });

    test(`a file with ${name} keeps everything else when it was changed in between`, async () => {
      world.write(SETTINGS, content);
      const setup = world.start();
      await setup.apply({ hints: true }, 'dashboard');
      // Any difference in bytes sends the restore the careful way, without the backup.
      world.write(SETTINGS, `${world.read(SETTINGS).toString()} `);
      await setup.restore('dashboard');
      const before = values(Buffer.from(content.trim() === '' ? '{}' : content));
      expect(values(world.read(SETTINGS))).toEqual(before);
    });
  }

  test('the change is two lines in the style of the file', async () => {
    world.write(SETTINGS, FILES.tabs ?? '');
    await world.start().apply({ hints: true }, 'dashboard');
    expect(world.read(SETTINGS).toString()).toBe(
      `{\n\t"env": {\n\t\t"A": "1",\n\t\t"ANTHROPIC_BASE_URL": "${ADDRESS}",\n\t\t"CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1"\n\t},\n\t"x": [1, 2]\n}\n`,
    );
  });

  test('comments stay where they are, and line ends are those of Windows', async () => {
    world.write(SETTINGS, '{\r\n    "env": {\r\n        "A": "1" // keep\r\n    } // end\r\n}\r\n');
    await world.start().apply({ hints: false }, 'dashboard');
    expect(world.read(SETTINGS).toString()).toBe(
      `{\r\n    "env": {\r\n        "A": "1", // keep\r\n        "ANTHROPIC_BASE_URL": "${ADDRESS}"\r\n    } // end\r\n}\r\n`,
    );
  });

  test('a file that did not exist is made private, and is gone again with its folder', async () => {
    const setup = world.start();
    await setup.apply({ hints: false }, 'dashboard');
    expect(values(world.read(SETTINGS))).toEqual({ env: { ANTHROPIC_BASE_URL: ADDRESS } });
    expect(statSync(world.file).mode & 0o777).toBe(0o600);
    await setup.restore('dashboard');
    expect(readdirSync(world.home)).toEqual([]);
  });

  test('a crash in between leaves neither the folder nor a half-written file with a key in it', async () => {
    await world.start().apply({ hints: false }, 'dashboard');
    world.write(`${SETTINGS}.ccflare-0.tmp`, `half a file with ${KEY}`);
    await world.start().restore('dashboard');
    expect(readdirSync(world.home)).toEqual([]);

    await world.start().apply({ hints: false }, 'dashboard');
    rmSync(world.file);
    await world.start().restore('dashboard');
    expect(readdirSync(world.home)).toEqual([]);
  });

  test('a folder that existed, or that somebody uses by now, stays', async () => {
    mkdirSync(join(world.home, '.claude'));
    const setup = world.start();
    await setup.apply({ hints: false }, 'dashboard');
    await setup.restore('dashboard');
    expect(readdirSync(join(world.home, '.claude'))).toEqual([]);
  });

  test('a file that we made and the user wrote into stays without our lines', async () => {
    const setup = world.start();
    await setup.apply({ hints: true }, 'dashboard');
    const text = world.read(SETTINGS).toString();
    world.write(SETTINGS, text.replace('{', '{\n  "model": "opus",'));
    await setup.restore('dashboard');
    expect(values(world.read(SETTINGS))).toEqual({ model: 'opus' });
  });

  test('the mode of the file stays, and nothing of ours is left beside it', async () => {
    world.write(SETTINGS, '{}', 0o640);
    const setup = world.start();
    await setup.apply({ hints: false }, 'dashboard');
    expect(statSync(world.file).mode & 0o777).toBe(0o640);
    await setup.restore('dashboard');
    expect(statSync(world.file).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(world.home, '.claude'))).toEqual(['settings.json']);
    expect(readdirSync(join(world.dataDir, 'clients'))).toEqual(['claude-code.json']);
  });

  test('the backup is private and has the exact bytes', async () => {
    world.write(SETTINGS, FILES['a byte order mark'] ?? '');
    await world.start().apply({ hints: false }, 'dashboard');
    const folder = join(world.dataDir, 'clients');
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'claude-code.json'))).toBe(true);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

const ours = ['ANTHROPIC_BASE_URL', 'CLAUDE_CODE_GATEWAY_HINT_HEADERS'];

/** Everything but our variables. */
function others(bytes: Buffer): unknown {
  const { env: variables, ...rest } = values(bytes);
  const left = Object.entries(Object(variables)).filter(([key]) => !ours.includes(key));
  return { rest, left };
}

describe('any settings file', () => {
  test('is changed in our places only, twice is once, and comes back byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, fc.boolean(), fc.boolean(), async (text, hints, touched) => {
        const file = world.write(SETTINGS, text);
        const setup = world.start();
        await setup.apply({ hints }, 'dashboard');
        const changed = world.read(SETTINGS);
        expect(others(changed)).toEqual(others(Buffer.from(text)));
        expect(values(changed).env?.ANTHROPIC_BASE_URL).toBe(ADDRESS);
        await setup.apply({ hints }, 'dashboard');
        expect(world.read(SETTINGS)).toEqual(changed);
        if (touched) world.write(SETTINGS, Buffer.concat([changed, Buffer.from('\n')]));
        await setup.restore('dashboard');
        if (!touched) expect(world.read(SETTINGS)).toEqual(Buffer.from(text));
        expect(others(world.read(SETTINGS))).toEqual(others(Buffer.from(text)));
        const before = values(Buffer.from(text)).env ?? {};
        for (const key of ours) expect(values(world.read(SETTINGS)).env?.[key]).toEqual(before[key]);
        expect(file).toBe(world.file);
      }),
      { numRuns: 150 },
    );
  });
});
