import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../../../shared/clients.ts';
import { createTestWorld, KEY, type TestWorld } from '../testing.ts';
import { values } from '../testing-json.ts';

const SETTINGS = '.claude/settings.json';
const SECRET = 'sk-ant-api03-never-show-this';

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld();
});
afterEach(() => world.remove());

const report = () => world.start().report();
const findings = async (): Promise<Finding[]> => (await report()).findings;

async function about(words: string): Promise<Finding> {
  const all = await findings();
  const found = all.find(({ title }) => title.includes(words));
  if (found === undefined)
    throw new Error(`No finding about ${words}: ${all.map(({ title }) => title).join(' | ')}`);
  return found;
}

const fix = async (words: string): Promise<void> =>
  world.start().fix({ findingId: (await about(words)).id }, 'dashboard');

describe('shell profiles', () => {
  const lines: [string, string, string][] = [
    ['.bashrc', `export ANTHROPIC_API_KEY='${SECRET}'`, 'ANTHROPIC_API_KEY'],
    ['.bash_profile', `ANTHROPIC_API_KEY=${SECRET} # mine`, 'ANTHROPIC_API_KEY'],
    ['.profile', `  export ANTHROPIC_AUTH_TOKEN="${SECRET}"`, 'ANTHROPIC_AUTH_TOKEN'],
    ['.zshrc', 'export ANTHROPIC_API_KEY="$(pass show claude)"', 'ANTHROPIC_API_KEY'],
    ['.zshenv', `typeset -x CLAUDE_CODE_OAUTH_TOKEN=${SECRET}`, 'CLAUDE_CODE_OAUTH_TOKEN'],
    ['.zprofile', 'export CLAUDE_CODE_USE_BEDROCK=1', 'CLAUDE_CODE_USE_BEDROCK'],
    ['.config/fish/config.fish', `set -gx ANTHROPIC_API_KEY ${SECRET}`, 'ANTHROPIC_API_KEY'],
    [
      '.config/fish/conf.d/claude.fish',
      `set --export --global ANTHROPIC_AUTH_TOKEN '${SECRET}'`,
      'ANTHROPIC_AUTH_TOKEN',
    ],
    ['.config/powershell/profile.ps1', `$Env:anthropic_api_key = "${SECRET}"`, 'ANTHROPIC_API_KEY'],
  ];
  for (const [file, line, name] of lines) {
    test(`${line.replace(SECRET, '…')} in ${file} is found, switched off and switched on again`, async () => {
      const content = `# first\nif true; then\n${line}\nfi\n`;
      world.write(file, content, 0o640);
      const finding = await about(name);
      expect(finding.title).toContain(`~/${file}, line 3`);
      expect(finding.level).toBe(name.includes('BEDROCK') ? 'bad' : name.includes('OAUTH') ? 'info' : 'warn');
      expect(JSON.stringify(await report())).not.toContain(SECRET);
      await fix(name);
      const [, , changed, end] = world.read(file).toString().split('\n');
      expect(changed).toContain(`# switched off by ccflare: ${line.trim()}`);
      expect(end).toBe('fi');
      expect(statSync(join(world.home, file)).mode & 0o777).toBe(0o640);
      expect((await about(name)).title).toContain('was switched off by this app');
      await fix(name);
      expect(world.read(file).toString()).toBe(content);
    });
  }

  test('a block whose only line is switched off stays valid in sh', async () => {
    world.write('.profile', 'if true; then\n  export ANTHROPIC_API_KEY=x\nfi\n');
    await fix('ANTHROPIC_API_KEY');
    expect(world.read('.profile').toString()).toBe(
      'if true; then\n  : # switched off by ccflare: export ANTHROPIC_API_KEY=x\nfi\n',
    );
  });

  const ignored: [string, string][] = [
    ['a comment', `# export ANTHROPIC_API_KEY=${SECRET}`],
    [
      'a variable that is removed further down',
      `export ANTHROPIC_API_KEY=${SECRET}\nunset ANTHROPIC_API_KEY`,
    ],
    ['a line of several commands', `export A=1; export ANTHROPIC_API_KEY=${SECRET}`],
    ['the inside of a longer command', `docker run \\\n  ANTHROPIC_API_KEY=${SECRET}`],
    ['another variable', `export MY_ANTHROPIC_API_KEY=${SECRET}`],
    ['an empty value', 'export ANTHROPIC_API_KEY='],
    ['a cloud switch that is off', 'export CLAUDE_CODE_USE_VERTEX=0'],
  ];
  for (const [name, content] of ignored) {
    test(`${name} is no finding`, async () => {
      world.write('.bashrc', `${content}\n`);
      expect(await findings()).toHaveLength(1);
    });
  }

  test('Windows line ends, odd bytes and a link survive a fix; the backup is private and exact', async () => {
    const content = Buffer.concat([
      Buffer.from('echo "\xe9"\r\n', 'latin1'),
      Buffer.from('export ANTHROPIC_API_KEY=x\r\n'),
    ]);
    const target = world.write('dotfiles/bashrc', content);
    symlinkSync(target, join(world.home, '.bashrc'));
    await fix('ANTHROPIC_API_KEY');
    expect(readFileSync(target, 'latin1')).toBe(
      'echo "\xe9"\r\n: # switched off by ccflare: export ANTHROPIC_API_KEY=x\r\n',
    );
    const folder = join(world.dataDir, 'clients', 'fixes');
    const [backup = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, backup)).equals(content)).toBe(true);
    expect(statSync(join(folder, backup)).mode & 0o777).toBe(0o600);
  });

  test('a line that moved in the meantime is not touched', async () => {
    world.write('.bashrc', 'export ANTHROPIC_API_KEY=x\n');
    const { id } = await about('ANTHROPIC_API_KEY');
    world.write('.bashrc', '\nexport ANTHROPIC_API_KEY=x\n');
    await expect(world.start().fix({ findingId: id }, 'dashboard')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('an option list made to keep the reader busy is read at once', async () => {
    world.write('.config/fish/config.fish', `set ${'--a '.repeat(2000)}!\n`);
    expect(await findings()).toHaveLength(1);
  });

  test('CLAUDE_CONFIG_DIR in a profile, which this app was not started with, is explained', async () => {
    world.write('.zshrc', 'export CLAUDE_CONFIG_DIR="$HOME/claude"\n');
    expect(await about('CLAUDE_CONFIG_DIR')).toMatchObject({ level: 'warn', fix: null });
    world.now.env = { CLAUDE_CONFIG_DIR: join(world.home, 'claude') };
    expect((await findings()).some(({ title }) => title.includes('CLAUDE_CONFIG_DIR'))).toBe(false);
  });
});

describe('settings files', () => {
  test('a key in the settings of the user is taken out and put back', async () => {
    world.write(SETTINGS, `{\n  // mine\n  "env": { "ANTHROPIC_API_KEY": "${SECRET}", "A": "1" }\n}\n`);
    expect((await about('ANTHROPIC_API_KEY')).title).toContain('~/.claude/settings.json, line 3');
    await fix('ANTHROPIC_API_KEY');
    expect(world.read(SETTINGS).toString()).toBe('{\n  // mine\n  "env": { "A": "1" }\n}\n');
    expect((await about('ANTHROPIC_API_KEY')).fix).toContain('as it was before');
    await fix('ANTHROPIC_API_KEY');
    expect(values(world.read(SETTINGS)).env).toEqual({ A: '1', ANTHROPIC_API_KEY: SECRET });
    expect(await about('ANTHROPIC_API_KEY is set')).toBeDefined();
  });

  test('a fix while Claude Code is set up survives the restore', async () => {
    world.write(SETTINGS, `{ "apiKeyHelper": "/bin/key", "model": "opus" }`);
    const setup = world.start();
    await setup.apply({ hints: false }, 'dashboard');
    await fix('apiKeyHelper');
    await setup.restore('dashboard');
    expect(values(world.read(SETTINGS))).toEqual({ model: 'opus' });
  });

  test('managed settings win over all, and only their owner can change them', async () => {
    await world.start().apply({ hints: false }, 'dashboard');
    world.write('managed-settings.json', '{"env": {"ANTHROPIC_BASE_URL": "https://corp.example/llm"}}');
    expect(await about('names corp.example (~/managed-settings.json')).toMatchObject({
      level: 'bad',
      fix: null,
    });
    expect(await about('without effect')).toMatchObject({ level: 'info', fix: null });
    expect((await report()).verdict).toContain('corp.example');
  });

  test('project settings are found for known projects, once, and can be changed', async () => {
    const folders = [join(world.home, 'work'), world.home, join(world.home, 'gone'), 'no path'];
    world.write(
      '.claude.json',
      JSON.stringify({ projects: Object.fromEntries(folders.map((it) => [it, {}])) }),
    );
    world.write(
      'work/.claude/settings.local.json',
      '{"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456"}}',
    );
    await world.start().apply({ hints: false }, 'dashboard');
    const finding = await about('Claude Code Router');
    expect(finding).toMatchObject({
      level: 'warn',
      fix: expect.stringContaining('Takes ANTHROPIC_BASE_URL out'),
    });
    expect((await report()).verdict).toContain('Some of your projects differ');
    await fix('Claude Code Router');
    expect(values(world.read('work/.claude/settings.local.json'))).toEqual({ env: {} });
  });

  test('a broken file is named with its line instead of hiding all the rest', async () => {
    world.write('managed-settings.json', '{\n"env": {');
    world.write('.bashrc', 'export ANTHROPIC_API_KEY=x\n');
    expect(await about('cannot be read')).toMatchObject({ detail: expect.stringContaining('line 2') });
    expect(await about('ANTHROPIC_API_KEY')).toBeDefined();
  });

  test('one file reached as project and as user settings counts once', async () => {
    world.write('.claude.json', JSON.stringify({ projects: { [world.home]: {} } }));
    world.write(SETTINGS, '{"env": {"CLAUDE_CODE_USE_FOUNDRY": "true"}}');
    expect((await findings()).filter(({ level }) => level === 'bad')).toHaveLength(1);
  });
});

test('a file with our key that other users can read is pointed out, unless a folder keeps them away', async () => {
  chmodSync(world.home, 0o755);
  world.write(SETTINGS, '{}', 0o644);
  await world.start().apply({ hints: false }, 'dashboard');
  expect(await about('Other users')).toMatchObject({
    level: 'info',
    remedy: { command: expect.stringContaining('chmod 600') },
  });
  chmodSync(world.home, 0o700);
  expect((await findings()).some(({ title }) => title.includes('Other users'))).toBe(false);
});

describe('other proxies', () => {
  const ports: [number, string][] = [
    [3456, 'Claude Code Router'],
    [8080, 'the ccflare command-line tool'],
    [8317, 'CLIProxyAPI'],
    [15721, 'cc-switch'],
  ];
  for (const [port, who] of ports) {
    test(`port ${port} looks like ${who}`, async () => {
      world.write('.zshrc', `export ANTHROPIC_BASE_URL=http://localhost:${port}/secret-path\n`);
      const { verdict, findings: all } = await report();
      expect(verdict).toContain(`localhost:${port} (looks like ${who}`);
      expect(JSON.stringify(all)).toContain(who);
      expect(verdict).not.toContain('secret-path');
    });
  }

  test('a system proxy that swallows 127.0.0.1 is excepted by one button, and that can be taken back', async () => {
    world.now.env = { https_proxy: `http://user:${SECRET}@proxy.example:3128`, NO_PROXY: 'corp.example' };
    expect(await about('https_proxy')).toMatchObject({ level: 'bad', withSetUp: true });
    expect(JSON.stringify(await report())).not.toContain(SECRET);
    await fix('https_proxy');
    expect(values(world.read(SETTINGS)).env).toEqual({ NO_PROXY: 'corp.example,127.0.0.1,localhost' });
    expect((await findings()).some(({ title }) => title.includes('https_proxy'))).toBe(false);
    await fix('NO_PROXY was changed');
    expect(values(world.read(SETTINGS)).env).toEqual({});
  });
});

describe('the verdict', () => {
  const cases: [string, () => unknown, RegExp][] = [
    ['nothing set', () => undefined, /straight to the provider, with its own login/],
    [
      'a cloud switch',
      () => world.write('.zshrc', 'export CLAUDE_CODE_USE_VERTEX=1\n'),
      /Google Vertex AI.*never/,
    ],
    [
      'an address in the session',
      () => Object.assign(world.now.env, { ANTHROPIC_BASE_URL: 'https://x.example' }),
      /another address/,
    ],
    [
      'token over key',
      () => world.write('.zshrc', 'export ANTHROPIC_API_KEY=a\nexport ANTHROPIC_AUTH_TOKEN=b\n'),
      /with ANTHROPIC_AUTH_TOKEN \(~\/\.zshrc, line 2\)/,
    ],
    [
      'an empty value in the settings switches a shell variable off',
      () => {
        world.write('.zshrc', 'export ANTHROPIC_API_KEY=a\n');
        world.write(SETTINGS, '{"env": {"ANTHROPIC_API_KEY": ""}}');
      },
      /its own login/,
    ],
    [
      'an old address of ours',
      () => world.write('.zshrc', `export ANTHROPIC_BASE_URL=http://127.0.0.1:1/k/${KEY}\n`),
      /old port or key/,
    ],
    [
      'a computed address',
      () => world.write('.zshrc', 'export ANTHROPIC_BASE_URL="$MY_URL"\n'),
      /cannot be read/,
    ],
  ];
  for (const [name, arrange, words] of cases) {
    test(`names ${name}`, async () => {
      arrange();
      expect((await report()).verdict).toMatch(words);
    });
  }

  test('after the set-up it is this app, and shells have no say', async () => {
    world.write('.zshrc', 'export ANTHROPIC_BASE_URL=https://gateway.example\n');
    await world.start().apply({ hints: false }, 'dashboard');
    expect((await report()).verdict).toBe('Claude Code sends its requests to this app, with its own login.');
    expect(await about('without effect')).toMatchObject({ level: 'info' });
    expect((await about('names this app')).level).toBe('ok');
  });
});

describe('Claude Code itself', () => {
  test('is found by its command, its folder or its state file', async () => {
    expect((await report()).claudeCode.found).toBe(false);
    world.write('.claude.json', '{}');
    expect((await report()).claudeCode.found).toBe(true);
    world.write('bin/claude', '');
    world.now.env = { PATH: join(world.home, 'bin') };
    expect((await about('Claude Code was found')).title).toContain('~/bin/claude');
  });

  test('a settings folder that only we made does not count', async () => {
    await world.start().apply({ hints: false }, 'dashboard');
    expect((await report()).claudeCode.found).toBe(false);
  });
});

test('a settings file with comments is named as ignored, and the verdict does not count on it', async () => {
  world.write(SETTINGS, '{ // mine\n  "theme": "dark" }');
  const setup = world.start();
  await setup.listening(4000);
  await setup.apply({ hints: false }, 'dashboard');
  const { verdict, findings: found } = await setup.report();
  expect(found.find(({ id }) => id === 'ignored')).toMatchObject({ level: 'bad' });
  expect(verdict).toContain('straight to the provider');
  world.write(SETTINGS, '{ "theme": "dark" }');
  expect((await findings()).some(({ id }) => id === 'ignored')).toBe(false);
});
