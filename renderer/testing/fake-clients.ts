import type { ClientsReport } from '../../shared/clients.ts';
import {
  makeClaudeCode,
  makeClaudeCodeOn,
  makeClientsReport,
  makeConnectionTest,
  makeDiff,
} from './client-fixtures.ts';
import type { Handlers } from './fake-world.ts';

const ON_VERDICT = 'Claude Code uses ccflare at 127.0.0.1:8459.';
const OFF_VERDICT = 'Claude Code goes to the provider directly.';

/** The set-up of clients, without files: what is applied, restored and fixed shows in the next report. */
export function clientHandlers(initial: ClientsReport = makeClientsReport()) {
  let report = initial;
  return {
    'clients.report': () => report,
    'clients.preview': ({ action, hints }) => previewOf(action, hints),
    'clients.apply': ({ hints }) => {
      report = { ...report, claudeCode: makeClaudeCodeOn({ hints }), verdict: ON_VERDICT };
      return null;
    },
    'clients.restore': () => {
      report = { ...report, claudeCode: makeClaudeCode(), verdict: OFF_VERDICT };
      return null;
    },
    'clients.fix': ({ findingId }) => {
      report = { ...report, findings: report.findings.filter((finding) => finding.id !== findingId) };
      return null;
    },
    'clients.test': () => makeConnectionTest(),
  } satisfies Partial<Handlers>;
}

function previewOf(action: 'apply' | 'restore', hints: boolean) {
  const diff = makeDiff();
  if (action === 'restore') {
    const turned = { same: 'same', added: 'removed', removed: 'added' } as const;
    return { ...diff, lines: diff.lines.map(({ kind, text }) => ({ kind: turned[kind], text })) };
  }
  if (!hints) return diff;
  return { ...diff, lines: [...diff.lines, { kind: 'added' as const, text: '  "hint headers": "on"' }] };
}
