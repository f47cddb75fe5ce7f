import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { SNIPPET_TARGETS } from '../../../shared/clients.ts';
import { snippetsOf, snippetText } from './snippets.ts';
import { createTestWorld, KEY } from './testing.ts';

const ADDRESS = `http://127.0.0.1:8459/k/${KEY}`;
const text = (target: (typeof SNIPPET_TARGETS)[number], key = KEY): string => snippetText(target, 8459, key);

/** Characters that shells read, to see that the quoting holds them. */
const AWKWARD = `a'b"c$d\`e\\f`;

describe('snippets', () => {
  test('exist for every target, with dots for the key when shown and the key when copied', () => {
    const shown = snippetsOf(8459);
    expect(shown.map(({ target }) => target)).toEqual([...SNIPPET_TARGETS]);
    for (const snippet of shown) {
      // The launcher only asks whether somebody is there.
      expect(snippet.text.includes('••••')).toBe(snippet.target !== 'launcher');
      expect(snippet.text).toContain('127.0.0.1:8459');
      expect(snippet.text.replace('••••••••', KEY)).toBe(text(snippet.target));
      expect(snippet.note).not.toBe('');
    }
  });

  test('the shell line works in a POSIX shell, whatever the key', () => {
    for (const key of [KEY, AWKWARD]) {
      const script = `${text('bash', key)}\nprintf %s "$ANTHROPIC_BASE_URL"`;
      expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(
        `http://127.0.0.1:8459/k/${key}`,
      );
    }
  });

  test('curl gets one address, the headers and a body that is JSON', () => {
    const script = `curl() { printf '%s\\0' "$@"; }\n${text('curl', AWKWARD)}`;
    const args = spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout.split('\0');
    expect(args[0]).toBe('http://127.0.0.1:8459/v1/messages');
    expect(args).toContain(`x-api-key: ${AWKWARD}`);
    expect(JSON.parse(args[args.indexOf('-d') + 1] ?? '')).toMatchObject({ max_tokens: 64 });
  });

  test('fish and PowerShell escape in their own ways', () => {
    expect(text('fish', `a'b\\c`)).toBe(`set -gx ANTHROPIC_BASE_URL 'http://127.0.0.1:8459/k/a\\'b\\\\c'`);
    expect(text('powershell', `a'b$c`)).toBe(`$env:ANTHROPIC_BASE_URL = 'http://127.0.0.1:8459/k/a''b$c'`);
  });

  test('SDKs get the address without the key in it, and VS Code gets JSON', () => {
    for (const target of ['sdk-typescript', 'sdk-python'] as const) {
      expect(text(target)).toContain(`"http://127.0.0.1:8459"`);
      expect(text(target)).toContain(`"${KEY}"`);
    }
    expect(JSON.parse(`{${text('vscode')}}`)).toEqual({
      'claudeCode.environmentVariables': [{ name: 'ANTHROPIC_BASE_URL', value: ADDRESS }],
    });
  });

  test('containers and WSL are told what does not work', () => {
    const noteOf = (target: string): string =>
      snippetsOf(8459).find((one) => one.target === target)?.note ?? '';
    expect(text('docker')).toContain('--network host');
    expect(noteOf('docker')).toContain('host.docker.internal does not work');
    expect(noteOf('wsl')).toContain('networkingMode=mirrored');
  });

  test('are copied only while there is a port, and shown with the configured one otherwise', async () => {
    const world = createTestWorld();
    const setup = world.start();
    expect(setup.snippetText('zsh', 'key-1')).toBe(`export ANTHROPIC_BASE_URL='${ADDRESS}'`);
    world.now.port = null;
    expect(() => setup.snippetText('zsh', 'key-1')).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect((await setup.report()).snippets[0]?.text).toContain(':8459/');
    world.now.settings = { ...world.now.settings, port: 0 };
    expect((await setup.report()).snippets[0]?.text).toContain(':PORT/');
    world.remove();
  });
});
