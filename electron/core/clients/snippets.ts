import { SNIPPET_TARGETS, type Snippet, type SnippetTarget } from '../../../shared/clients.ts';
import { addressWithKey } from './own-address.ts';

/** What a snippet is filled with. Port and key as text, so that a preview can hold placeholders. */
type Filling = { readonly base: string; readonly address: string; readonly key: string };

type Template = {
  readonly label: string;
  readonly note: string;
  readonly text: (filling: Filling) => string;
};

/** Stands where a snippet that is only shown has its key. */
const DOTS = '••••••••';

/** Where Claude Code goes when nobody says otherwise. */
const PROVIDER = 'https://api.anthropic.com';

/** A small, cheap model that a first try can be made with. */
const EXAMPLE_MODEL = 'claude-haiku-4-5';

/** Settings that win over the file which names this app; an organisation's win over them. */
const WITHOUT_US = JSON.stringify({ env: { ANTHROPIC_BASE_URL: PROVIDER } });

const shellExport = ({ address }: Filling): string => `export ANTHROPIC_BASE_URL=${shQuoted(address)}`;

const TEMPLATES: Readonly<Record<SnippetTarget, Template>> = {
  bash: {
    label: 'bash',
    note: 'Add it to ~/.bashrc, then open a new terminal. Claude Code keeps its own login. Its settings file wins over shells.',
    text: shellExport,
  },
  zsh: {
    label: 'zsh',
    note: 'Add it to ~/.zshrc, then open a new terminal. Claude Code keeps its own login. Its settings file wins over shells.',
    text: shellExport,
  },
  fish: {
    label: 'fish',
    note: 'Add it to ~/.config/fish/config.fish, then open a new terminal. Claude Code keeps its own login.',
    text: ({ address }) => `set -gx ANTHROPIC_BASE_URL ${fishQuoted(address)}`,
  },
  powershell: {
    label: 'PowerShell',
    note: 'Add it to the file that $PROFILE names, then open a new window. Claude Code keeps its own login.',
    text: ({ address }) => `$env:ANTHROPIC_BASE_URL = ${powershellQuoted(address)}`,
  },
  launcher: {
    label: 'Launcher for Claude Code (bash, zsh)',
    note: 'For the set-up above: Claude Code goes to the provider by itself whenever this app does not run, even after a crash or with "Put Claude Code back" off. Add it to ~/.bashrc or ~/.zshrc, then open a new terminal. It holds no key, but the port: copy it anew when that changes.',
    text: ({ base }) =>
      [
        'claude() {',
        `  if curl -fs -o /dev/null --noproxy '*' --max-time 1 ${base}/health; then`,
        '    command claude "$@"',
        '  else',
        `    command claude --settings ${shQuoted(WITHOUT_US)} "$@"`,
        '  fi',
        '}',
      ].join('\n'),
  },
  curl: {
    label: 'curl',
    note: 'For bash, zsh and fish. It sends one short message, which one of your accounts pays for.',
    text: ({ base, key }) =>
      [
        `curl ${shQuoted(`${base}/v1/messages`)} \\`,
        `  -H ${shQuoted(`x-api-key: ${key}`)} \\`,
        `  -H 'anthropic-version: 2023-06-01' \\`,
        `  -H 'content-type: application/json' \\`,
        `  -d '{"model": "${EXAMPLE_MODEL}", "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello."}]}'`,
      ].join('\n'),
  },
  'sdk-typescript': {
    label: 'TypeScript SDK',
    note: 'For the package @anthropic-ai/sdk. The key is one of this app, not of the provider: keep it out of repositories.',
    text: ({ base, key }) =>
      [
        "import Anthropic from '@anthropic-ai/sdk';",
        '',
        'const client = new Anthropic({',
        `  baseURL: ${JSON.stringify(base)},`,
        `  apiKey: ${JSON.stringify(key)},`,
        '});',
      ].join('\n'),
  },
  'sdk-python': {
    label: 'Python SDK',
    note: 'For the package anthropic. The key is one of this app, not of the provider: keep it out of repositories.',
    text: ({ base, key }) =>
      [
        'from anthropic import Anthropic',
        '',
        'client = Anthropic(',
        `    base_url=${JSON.stringify(base)},`,
        `    api_key=${JSON.stringify(key)},`,
        ')',
      ].join('\n'),
  },
  vscode: {
    label: 'VS Code',
    note: 'Into the settings.json of VS Code, for its Claude Code extension. Some versions ignore it, but all read the settings file of Claude Code: with the set-up above nothing is needed here.',
    text: ({ address }) =>
      [
        '"claudeCode.environmentVariables": [',
        `  { "name": "ANTHROPIC_BASE_URL", "value": ${JSON.stringify(address)} }`,
        ']',
      ].join('\n'),
  },
  jetbrains: {
    label: 'JetBrains IDEs',
    note: 'Settings > Tools > Terminal > Environment variables; then open a new terminal tab. With the set-up of Claude Code above nothing is needed here.',
    text: ({ address }) => `ANTHROPIC_BASE_URL=${address}`,
  },
  docker: {
    label: 'Docker',
    note: 'The proxy listens on 127.0.0.1 only and answers to no other name, so host.docker.internal does not work. --network host does: on Linux as it is, in Docker Desktop from 4.34 once "Enable host networking" is on (Settings > Resources > Network). Put the name of your image last.',
    text: ({ address }) =>
      `docker run --rm -it --network host -e ANTHROPIC_BASE_URL=${shQuoted(address)} IMAGE`,
  },
  wsl: {
    label: 'WSL',
    note: 'For the shell inside WSL, with the app running on Windows. It needs mirrored networking (Windows 11 22H2 or newer): networkingMode=mirrored below [wsl2] in %UserProfile%\\.wslconfig, then "wsl --shutdown". Without it WSL does not reach 127.0.0.1 of Windows.',
    text: shellExport,
  },
};

/** All snippets as they are shown: with dots for the key. `port` null: a placeholder, while there is none. */
export function snippetsOf(port: number | null): Snippet[] {
  return SNIPPET_TARGETS.map((target) => {
    const { label, note } = TEMPLATES[target];
    return { target, label, note, text: snippetText(target, port, DOTS) };
  });
}

/** One snippet with its real key, for the clipboard. */
export function snippetText(target: SnippetTarget, port: number | null, key: string): string {
  const base = `http://127.0.0.1:${port ?? 'PORT'}`;
  return TEMPLATES[target].text({ base, key, address: addressWithKey(port ?? 'PORT', key) });
}

/** POSIX shells: nothing is special between single quotes; a quote itself is written outside of them. */
function shQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** fish: a backslash escapes a quote and itself. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** PowerShell: a quote is doubled. */
function powershellQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
