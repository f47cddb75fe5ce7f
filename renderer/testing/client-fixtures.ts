import type {
  ClaudeCodeState,
  ClientsReport,
  ConnectionTest,
  Diff,
  Finding,
  Snippet,
} from '../../shared/clients.ts';
import { SNIPPET_TARGETS } from '../../shared/clients.ts';
import { DAY, NOW } from './fixtures.ts';

/** Claude Code as it is found before it was set up. */
export function makeClaudeCode(overrides: Partial<ClaudeCodeState> = {}): ClaudeCodeState {
  return {
    phase: 'off',
    settingsFile: '/home/sam/.claude/settings.json',
    found: true,
    wanted: false,
    hints: false,
    backupAt: null,
    problem: null,
    ...overrides,
  };
}

/** Claude Code after the set-up. */
export function makeClaudeCodeOn(overrides: Partial<ClaudeCodeState> = {}): ClaudeCodeState {
  return makeClaudeCode({ phase: 'on', wanted: true, backupAt: NOW - DAY, ...overrides });
}

export function makeFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'shell:/home/sam/.zshrc:12',
    level: 'bad',
    title: 'ANTHROPIC_BASE_URL is set in /home/sam/.zshrc, line 12.',
    detail: 'A client started from that shell goes to the address there and not here.',
    fix: 'Put a # in front of line 12 of /home/sam/.zshrc; a copy of the file is kept.',
    withSetUp: false,
    remedy: null,
    ...overrides,
  };
}

function makeSnippets(): Snippet[] {
  return SNIPPET_TARGETS.map((target) => ({
    target,
    label: target,
    text: `${target}: ANTHROPIC_BASE_URL=http://127.0.0.1:8459/k/••••`,
    note: `Where the lines for ${target} go.`,
  }));
}

export function makeClientsReport(overrides: Partial<ClientsReport> = {}): ClientsReport {
  return {
    claudeCode: makeClaudeCode(),
    verdict: 'Claude Code goes to the provider directly.',
    findings: [
      makeFinding({
        id: 'ok:listening',
        level: 'ok',
        title: 'ccflare listens on 127.0.0.1:8459.',
        detail: 'Clients on this computer can reach it.',
        fix: null,
      }),
      makeFinding(),
      makeFinding({
        id: 'info:project',
        level: 'info',
        title: 'No project settings name another address.',
        detail: 'Nothing to do.',
        fix: null,
      }),
    ],
    snippets: makeSnippets(),
    ...overrides,
  };
}

export function makeDiff(overrides: Partial<Diff> = {}): Diff {
  return {
    file: '/home/sam/.claude/settings.json',
    lines: [
      { kind: 'same', text: '{' },
      { kind: 'removed', text: '  "model": "opus"' },
      { kind: 'added', text: '  "model": "opus",' },
      { kind: 'added', text: '  "env": { "ANTHROPIC_BASE_URL": "http://127.0.0.1:8459/k/••••" }' },
      { kind: 'same', text: '}' },
    ],
    ...overrides,
  };
}

export function makeConnectionTest(overrides: Partial<ConnectionTest> = {}): ConnectionTest {
  return {
    ok: true,
    steps: [
      { name: 'Reach the proxy', outcome: 'ok', detail: '127.0.0.1:8459 answers.', durationMs: 2 },
      { name: 'Be let in', outcome: 'ok', detail: 'The client key is valid.', durationMs: 3 },
      { name: 'Get an answer', outcome: 'ok', detail: 'work answered with 200.', durationMs: 840 },
    ],
    ...overrides,
  };
}
