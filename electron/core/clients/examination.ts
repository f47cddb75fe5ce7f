import type { ClaudeCodeState, ClientsReport } from '../../../shared/clients.ts';
import { toErrorView } from '../errors.ts';
import { textOf } from './baseline.ts';
import type { ClaudeCode } from './claude-code.ts';
import { findClaudeCode, isExposed, type Surroundings, settingsFile } from './claude-code-places.ts';
import { claudeCodeStateOf, type StateFacts } from './claude-code-state.ts';
import type { Diagnosis } from './doctor/finding.ts';
import { findingsOf } from './doctor/findings.ts';
import type { FixNotes } from './doctor/fix-notes.ts';
import { standingNotes } from './doctor/fixes.ts';
import { gather } from './doctor/gather.ts';
import { verdictOf } from './doctor/verdict.ts';
import { readSnapshot } from './file-access.ts';
import { isPlainJson } from './json-text.ts';
import { readAddress } from './own-address.ts';
import { ADDRESS, HINTS, variable } from './placement.ts';
import type { SetupRecord, SetupRecords } from './setup-record.ts';

/** What looking at everything takes. */
export type ExaminationDeps = {
  readonly here: Surroundings;
  readonly claudeCode: ClaudeCode;
  readonly records: SetupRecords;
  readonly notes: FixNotes;
  readonly port: () => number | null;
  readonly workspaces: () => readonly string[];
};

/** What was seen. */
export type Examination = Pick<ClientsReport, 'verdict'> & {
  readonly state: ClaudeCodeState;
  readonly diagnoses: readonly Diagnosis[];
};

/** State, verdict and findings, read afresh. `lastProblem`: see `StateFacts`. */
export async function examine(deps: ExaminationDeps, lastProblem: string | null): Promise<Examination> {
  const { here, claudeCode, records, notes, port, workspaces } = deps;
  const record = await records.load();
  const foundHere = await findClaudeCode(here, record.setUp?.folderExisted === false);
  const gathered = await gather(here, workspaces());
  const recognition = claudeCode.recognition(record.setUp);
  const leadsTo = (value: string | null) => readAddress(value, recognition);
  const listening = port() !== null;
  const settings = await readClaudeCode(claudeCode, record);
  const ignored = 'plain' in settings && !settings.plain;
  const { facts } = gathered;
  const heeded = ignored ? facts.filter(({ place }) => place.kind !== 'user') : facts;
  return {
    state: claudeCodeStateOf({
      settingsFile: claudeCode.fileOf(record),
      found: foundHere.found,
      record,
      settings,
      listening,
      lastProblem,
    }),
    verdict: verdictOf(heeded, leadsTo, listening),
    diagnoses: findingsOf({
      ...gathered,
      here,
      userFile: settingsFile(here),
      userFileReadable: !('unreadable' in settings),
      userFileIgnored: ignored,
      userFileExposed: await isExposed(settingsFile(here), here),
      leadsTo,
      claudeCode: foundHere,
      notes: await standingNotes(notes),
    }),
  };
}

/** What Claude Code's own settings say of us, or why they cannot be read. */
async function readClaudeCode(
  claudeCode: ClaudeCode,
  record: SetupRecord,
): Promise<StateFacts['settings'] & ({ plain: boolean } | { unreadable: string })> {
  try {
    const { text } = textOf((await readSnapshot(claudeCode.fileOf(record)))?.bytes ?? null);
    const address = variable(text, ADDRESS);
    return {
      plain: isPlainJson(text),
      address,
      leadsTo: readAddress(address, claudeCode.recognition(record.setUp)),
      hints: variable(text, HINTS) === '1',
      drifted: claudeCode.drifted(text, record),
    };
  } catch (error) {
    return { unreadable: toErrorView(error).message };
  }
}

/** For the connection test: whether Claude Code's settings lead here, or null when the user does not want that. */
export async function pointedHere(deps: ExaminationDeps): Promise<{ ok: boolean; detail: string } | null> {
  const record = await deps.records.load();
  if (!record.wanted) return null;
  const settings = await readClaudeCode(deps.claudeCode, record);
  if ('unreadable' in settings) return { ok: false, detail: settings.unreadable };
  const { leadsTo } = settings;
  if (leadsTo.kind === 'own' && leadsTo.current)
    return { ok: true, detail: 'Its settings file names this address.' };
  const detail = 'Its settings file does not name this address. Set Claude Code up again on this page.';
  return { ok: false, detail };
}
