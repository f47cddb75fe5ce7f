import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../../../shared/clients.ts';
import { createTestWorld, type TestWorld } from '../testing.ts';
import { values } from '../testing-json.ts';

const SETTINGS = '.claude/settings.json';
const PROXY = 'http://proxy.example:3128';

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld();
});
afterEach(() => world.remove());

const report = () => world.start().report();
const bad = async (): Promise<Finding[]> => (await report()).findings.filter(({ level }) => level === 'bad');
const about = async (words: string): Promise<Finding> => {
  const { findings } = await report();
  const found = findings.find(({ title }) => title.includes(words));
  if (found !== undefined) return found;
  throw new Error(`No finding about ${words}: ${findings.map(({ title }) => title).join(' | ')}`);
};
const fix = async (words: string): Promise<void> =>
  world.start().fix({ findingId: (await about(words)).id }, 'dashboard');
const apply = (): Promise<void> => world.start().apply({ hints: false }, 'dashboard');

/** Projects that Claude Code was used in, by folder, with their settings. */
function projects(given: Record<string, object>): void {
  for (const [folder, env] of Object.entries(given)) {
    world.write(`${folder}/.claude/settings.local.json`, JSON.stringify({ env }));
  }
  const known = Object.keys(given).map((folder) => [join(world.home, folder), { lastCost: 1 }]);
  world.write('.claude.json', JSON.stringify({ projects: Object.fromEntries(known) }));
}

describe('a set-up that has no effect is not called one that works', () => {
  const cases: [string, () => unknown, RegExp][] = [
    [
      'a proxy',
      () => Object.assign(world.now.env, { HTTPS_PROXY: PROXY }),
      /HTTPS_PROXY.*do not arrive here/,
    ],
    ['a proxy for everything', () => Object.assign(world.now.env, { all_proxy: PROXY }), /all_proxy/],
    [
      'an address of an organisation',
      () => world.write('managed-settings.json', '{"env":{"ANTHROPIC_BASE_URL":"https://x.example"}}'),
      /x\.example/,
    ],
    [
      'an address in a part of the settings of an organisation',
      () => world.write('managed-settings.d/1.json', '{"env":{"ANTHROPIC_BASE_URL":"https://y.example"}}'),
      /y\.example/,
    ],
    ['a cloud', () => Object.assign(world.now.env, { CLAUDE_CODE_USE_MANTLE: '1' }), /Mantle/],
    ['a socket', () => world.write('.zshrc', 'export ANTHROPIC_UNIX_SOCKET=/run/x\n'), /to a socket/],
    ['a comment in the settings', () => world.write(SETTINGS, '{ // mine\n}'), /straight to the provider/],
  ];
  for (const [name, arrange, words] of cases) {
    test(`because of ${name}`, async () => {
      arrange();
      await apply();
      const { verdict, claudeCode } = await report();
      expect(verdict).toMatch(words);
      expect(claudeCode).toMatchObject({ phase: 'overruled', problem: expect.stringContaining('no effect') });
      expect(await bad()).toHaveLength(1);
    });
  }
});

describe('proxies', () => {
  test.each(['*', 'a.example, 127.0.0.1', '127.0.0.0/8', '127.0.0.1:8459'])(
    'NO_PROXY=%s is enough',
    async (value) => {
      world.now.env = { HTTP_PROXY: PROXY, no_proxy: value };
      await apply();
      expect((await report()).claudeCode.phase).toBe('on');
      expect(await bad()).toEqual([]);
    },
  );

  test.each(['127.*', '127.0.0.1:1', 'localhost', '10.0.0.0/8', '127.0.0.0/99', '999.0.0.0/8'])(
    'NO_PROXY=%s is not',
    async (value) => {
      world.now.env = { HTTP_PROXY: PROXY, NO_PROXY: value };
      await apply();
      expect((await report()).claudeCode.phase).toBe('overruled');
    },
  );

  test.each(['"corp.example,127.0.0.1,$no_proxy"', `"\${no_proxy:+$no_proxy,}127.0.0.1"`])(
    'an exception counts that a profile adds to others: %s',
    async (list) => {
      world.write('.bashrc', `export https_proxy=${PROXY}\nexport no_proxy=${list}\n`);
      await apply();
      expect((await report()).claudeCode.phase).toBe('on');
      expect(await bad()).toEqual([]);
    },
  );

  test('no button takes the place of a list that a profile puts together', async () => {
    world.write('.bashrc', `export https_proxy=${PROXY}\nexport no_proxy="corp.example,$OTHERS"\n`);
    await apply();
    expect((await report()).claudeCode.phase).toBe('overruled');
    const words = { fix: null, detail: expect.stringContaining('beside what stands there') };
    expect(await about('https_proxy')).toMatchObject(words);
  });

  test('of two lines in one profile the last one counts', async () => {
    world.write('.bashrc', `export https_proxy=${PROXY}\nexport no_proxy=a\nexport no_proxy=127.0.0.1\n`);
    await apply();
    expect((await report()).claudeCode.phase).toBe('on');
  });

  test('several are one finding, which one fix settles', async () => {
    world.write('.bashrc', `export HTTP_PROXY=${PROXY}\nexport HTTPS_PROXY=${PROXY}\n`);
    world.now.env = { ALL_PROXY: PROXY };
    await apply();
    const [only, ...others] = await bad();
    expect(others).toEqual([]);
    expect(only?.title).toMatch(/^HTTPS_PROXY, HTTP_PROXY, ALL_PROXY are set.*\.bashrc, line 2; .*line 1; /);
    await fix('HTTPS_PROXY');
    expect(values(world.read(SETTINGS)).env).toMatchObject({ NO_PROXY: '127.0.0.1,localhost' });
    expect((await report()).claudeCode.phase).toBe('on');
  });

  test('the exception is made under the name that the organisation has left free', async () => {
    world.write('managed-settings.json', JSON.stringify({ env: { HTTPS_PROXY: PROXY, NO_PROXY: 'corp' } }));
    await apply();
    await fix('HTTPS_PROXY');
    expect(values(world.read(SETTINGS)).env).toMatchObject({ no_proxy: 'corp,127.0.0.1,localhost' });
    expect((await report()).claudeCode.phase).toBe('on');
  });

  test('with no name left only the organisation can, and that is said', async () => {
    const env = { HTTPS_PROXY: PROXY, NO_PROXY: 'a', no_proxy: 'b' };
    world.write('managed-settings.json', JSON.stringify({ env }));
    await apply();
    const finding = await about('HTTPS_PROXY');
    expect(finding).toMatchObject({
      fix: null,
      detail: expect.stringContaining('Set NO_PROXY to 127.0.0.1'),
    });
  });

  test('an address of ours that names localhost needs that excepted', async () => {
    world.now.env = { HTTPS_PROXY: PROXY, NO_PROXY: '127.0.0.1' };
    world.write(SETTINGS, '{"env":{"ANTHROPIC_BASE_URL":"http://localhost:8459"}}');
    world.now.settings = { ...world.now.settings, requireClientKey: false };
    expect((await report()).verdict).toContain('localhost is not excepted');
    await fix('HTTPS_PROXY');
    expect((await report()).claudeCode.phase).toBe('on');
  });

  test('a proxy on the way to another address changes nothing about that', async () => {
    world.now.env = { HTTPS_PROXY: PROXY };
    expect((await report()).verdict).toContain('straight to the provider');
    expect((await about('HTTPS_PROXY')).level).toBe('bad');
  });
});

describe('a cloud', () => {
  test('that a stronger setting switches off has no effect', async () => {
    world.write('.bashrc', 'export CLAUDE_CODE_USE_BEDROCK=1\n');
    world.write(SETTINGS, '{"env":{"CLAUDE_CODE_USE_BEDROCK":"0"}}');
    await apply();
    expect((await report()).claudeCode.phase).toBe('on');
    expect(await about('without effect')).toMatchObject({ level: 'info' });
  });

  test('in one project is told, and does not count for all others', async () => {
    projects({ work: { CLAUDE_CODE_USE_VERTEX: '1' } });
    await apply();
    expect((await report()).claudeCode.phase).toBe('on');
    expect(await about('in one project')).toMatchObject({ level: 'warn' });
  });
});

describe('projects that Claude Code was used in', () => {
  test('are looked at where its notes have moved to', async () => {
    projects({ work: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:3456' } });
    world.write('moved/.claude.json', world.read('.claude.json'));
    world.write('.claude.json', '{}');
    world.now.env = { CLAUDE_CONFIG_DIR: join(world.home, 'moved') };
    expect((await about('Claude Code Router')).title).toContain('~/work/.claude/settings.local.json');
  });

  test('may have a proxy of their own, and an exception', async () => {
    projects({ a: { HTTPS_PROXY: PROXY }, b: { HTTPS_PROXY: PROXY, NO_PROXY: '127.0.0.1' } });
    await apply();
    expect((await report()).claudeCode.phase).toBe('on');
    const about = (await report()).findings.filter(({ title }) => title.includes('HTTPS_PROXY'));
    expect(about.map(({ level, title }) => [level, title])).toEqual([
      ['warn', expect.stringContaining('~/a/.claude/')],
    ]);
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '{"projects": ["/a"]}'],
    ['a number', '{"projects": 7}'],
  ])('notes that hold %s are passed over', async (_, notes) => {
    world.write('.claude.json', notes);
    expect((await report()).findings).toHaveLength(1);
  });

  test('settings that Claude Code does not read are named, and not counted', async () => {
    projects({ work: {} });
    world.write(
      'work/.claude/settings.local.json',
      '{ // x\n"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:1"}}',
    );
    expect(await about('settings.local.json')).toMatchObject({
      detail: expect.stringContaining('plain JSON'),
    });
    expect((await report()).verdict).not.toContain('Some of your projects differ');
  });

  test('only the newest of very many are', async () => {
    const many = Array.from({ length: 60 }, (_, i) => [
      `p${i}`,
      { ANTHROPIC_BASE_URL: `http://127.0.0.1:${i}` },
    ]);
    projects(Object.fromEntries(many));
    const titles = (await report()).findings.map(({ title }) => title).join();
    expect(titles).toContain('~/p59/');
    expect(titles).not.toContain('~/p9/');
  });
});

describe('what has no button', () => {
  const commands: [NodeJS.Platform, string][] = [
    ['linux', "grep -rns 'ANTHROPIC_AUTH_TOKEN' ~/.config/environment.d"],
    ['darwin', 'launchctl unsetenv ANTHROPIC_AUTH_TOKEN'],
    ['win32', "[Environment]::SetEnvironmentVariable('ANTHROPIC_AUTH_TOKEN', $null, 'User')"],
  ];
  for (const [platform, command] of commands) {
    test(`has a command on ${platform}, which is copied by the main process`, async () => {
      world.now.platform = platform;
      world.now.env = { ANTHROPIC_AUTH_TOKEN: 'sk-ant-secret' };
      const { id, fix: button, remedy } = await about('ANTHROPIC_AUTH_TOKEN');
      expect(button).toBeNull();
      expect(remedy?.command).toContain(command);
      expect(await world.start().commandText(id)).toBe(remedy?.command);
    });
  }

  test('a finding that is gone has no command any more', async () => {
    await expect(world.start().commandText('variable:0')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('everything that keeps Claude Code away has a button, a command or words', async () => {
    world.now.env = { CLAUDE_CODE_USE_BEDROCK: '1', ANTHROPIC_UNIX_SOCKET: '/x', HTTPS_PROXY: PROXY };
    world.write(SETTINGS, '{ // mine\n}');
    await apply();
    const all = await bad();
    expect(all).toHaveLength(4);
    for (const { fix: button, remedy } of all) expect(button ?? remedy).not.toBeNull();
  });
});

test('comments are taken out on request, and a copy of the file is kept', async () => {
  const before = '{\n  // mine\n  "theme": "dark", // too\n}\n';
  world.write(SETTINGS, before, 0o640);
  expect(await about('takes no notice')).toMatchObject({
    withSetUp: true,
    fix: expect.stringContaining('copy'),
  });
  await fix('takes no notice');
  expect(world.read(SETTINGS).toString()).toBe('{\n  "theme": "dark"\n}\n');
  const folder = join(world.dataDir, 'clients', 'fixes');
  const [copy = ''] = readdirSync(folder);
  expect(readFileSync(join(folder, copy), 'utf8')).toBe(before);
  await apply();
  expect((await report()).claudeCode.phase).toBe('on');
});

test('comments that are taken out of a file that is set up stay out when it is put back', async () => {
  world.write(SETTINGS, '{\n  // mine\n  "theme": "dark"\n}\n');
  await apply();
  await fix('takes no notice');
  expect((await report()).claudeCode.phase).toBe('on');
  await world.start().restore('dashboard');
  expect(world.read(SETTINGS).toString()).toBe('{\n  "theme": "dark"\n}\n');
});

describe('set up together with fixes', () => {
  const setUpWith = async (...words: string[]) => {
    const fixes = await Promise.all(words.map(async (part) => (await about(part)).id));
    const setup = world.start();
    const { lines } = await setup.preview({ action: 'apply', hints: false, fixes });
    await setup.apply({ hints: false, fixes }, 'dashboard');
    return lines;
  };

  test('all of the change is shown first, and it works at once', async () => {
    world.now.env = { HTTPS_PROXY: PROXY };
    world.write(SETTINGS, '{\n  // mine\n  "theme": "dark"\n}\n');
    const lines = await setUpWith('HTTPS_PROXY', 'takes no notice');
    const changed = lines.flatMap(({ kind, text }) => (kind === 'same' ? [] : `${kind} ${text.trim()}`));
    expect(changed).toEqual([
      'removed // mine',
      'removed "theme": "dark"',
      'added "theme": "dark",',
      'added "env": {',
      'added "NO_PROXY": "••••",',
      expect.stringMatching(/^added "ANTHROPIC_BASE_URL"/),
      'added }',
    ]);
    expect((await report()).claudeCode).toMatchObject({ phase: 'on', problem: null });
    expect(world.seen.audits.map((entry) => JSON.parse(entry).action)).toEqual([
      'clients.fix.set',
      'clients.fix.make-plain',
      'clients.apply',
    ]);
  });

  test('a fix that belongs to another file is not made on the way', async () => {
    world.write('.zshrc', 'export CLAUDE_CODE_USE_BEDROCK=1\n');
    await expect(setUpWith('CLAUDE_CODE_USE_BEDROCK')).rejects.toMatchObject({ code: 'not_found' });
    expect(world.read('.zshrc').toString()).toBe('export CLAUDE_CODE_USE_BEDROCK=1\n');
  });
});
