import type { ClaudeCodeState, ClientsReport } from '../../../shared/clients.ts';
import type { Clock } from '../clock.ts';
import { toErrorView } from '../errors.ts';
import { textOf } from './baseline.ts';
import type { ClaudeCode } from './claude-code.ts';
import { findClaudeCode, isExposed, type Surroundings, settingsFile } from './claude-code-places.ts';
import { claudeCodeStateOf, type StateFacts } from './claude-code-state.ts';
import type { OwnPlace } from './doctor/detours.ts';
import { winner } from './doctor/facts.ts';
import type { Diagnosis } from './doctor/finding.ts';
import { findingsOf } from './doctor/findings.ts';
import type { FixNotes } from './doctor/fix-notes.ts';
import { standingNotes } from './doctor/fixes.ts';
import { gather } from './doctor/gather.ts';
import { verdictOf } from './doctor/verdict.ts';
import { readSnapshot } from './file-access.ts';
import { isPlainJson } from './json-text.ts';
import { knownProjects } from './known-projects.ts';
import { type AddressFacts, readAddress } from './own-address.ts';
import { ADDRESS, HINTS, variable } from './placement.ts';
import type { SetupRecord, SetupRecords } from './setup-record.ts';

/** What looking at everything takes. */
export type ExaminationDeps = {
  readonly here: Surroundings;
  readonly claudeCode: ClaudeCode;
  readonly records: SetupRecords;
  readonly notes: FixNotes;
  readonly port: () => number | null;
  /** The port it would listen on. */
  readonly configuredPort: () => number;
  readonly clock: Clock;
};

/** What was seen. */
export type Examination = Pick<ClientsReport, 'verdict'> & {
  readonly state: ClaudeCodeState;
  /** What the verdict comes down to. */
  readonly comesHere: boolean;
  readonly diagnoses: readonly Diagnosis[];
};

/** State, verdict and findings, read afresh. `lastProblem`: see `StateFacts`. */
export async function examine(deps: ExaminationDeps, lastProblem: string | null): Promise<Examination> {
  const { here, claudeCode, records, notes, port, clock } = deps;
  const record = claudeCode.present(await records.load());
  const foundHere = await findClaudeCode(here, record.setUp?.folderExisted === false);
  const gathered = await gather(here, await knownProjects(here, clock));
  const recognition = claudeCode.recognition(record.setUp);
  const leadsTo = (value: string | null) => readAddress(value, recognition);
  const settings = await readClaudeCode(claudeCode, record);
  const ignored = 'plain' in settings && !settings.plain;
  const { facts } = gathered;
  const heeded = ignored ? facts.filter(({ place }) => place.kind !== 'user') : facts;
  const ownPlace = placeOf(winner(heeded, ADDRESS)?.value ?? null, leadsTo, port() ?? deps.configuredPort());
  const listening = port() !== null;
  const { words: verdict, comesHere } = verdictOf(heeded, { leadsTo, listening, ownPlace });
  return {
    state: claudeCodeStateOf({
      settingsFile: claudeCode.fileOf(record),
      found: foundHere.found,
      record,
      settings,
      listening,
      comesHere,
      lastProblem,
    }),
    verdict,
    comesHere,
    diagnoses: findingsOf({
      ...gathered,
      here,
      heeded,
      ownPlace,
      userFile: settingsFile(here),
      userFileReadable: !('unreadable' in settings),
      userFileIgnored: ignored,
      userFileExposed: await isExposed(settingsFile(here), here),
      leadsTo,
      claudeCode: foundHere,
      notes: await standingNotes(notes),
      left: record.left.map(({ file }) => file),
    }),
  };
}

/** Where requests to this app go: as an address of ours spells it, else as the set-up would. */
function placeOf(
  address: string | null,
  leadsTo: (value: string | null) => AddressFacts,
  port: number,
): OwnPlace {
  if (address === null || leadsTo(address).kind !== 'own') return { host: '127.0.0.1', port };
  const url = new URL(address.trim());
  return { host: url.hostname, port: Number(url.port || 80) };
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

/** For the connection test: whether Claude Code comes here, or null when the user does not want that. */
export async function comesHere(deps: ExaminationDeps): Promise<{ ok: boolean; detail: string } | null> {
  const { wanted } = await deps.records.load();
  if (!wanted) return null;
  const { state, verdict, diagnoses, ...seen } = await examine(deps, null);
  if (seen.comesHere) return { ok: true, detail: verdict };
  if (state.phase === 'unreadable') return { ok: false, detail: state.problem ?? verdict };
  if (state.phase !== 'overruled') return { ok: false, detail: `${verdict} Set Claude Code up again.` };
  return { ok: false, detail: `${verdict} ${wayOut(diagnoses.find(({ level }) => level === 'bad'))}` };
}

function wayOut(culprit: Diagnosis | undefined): string {
  if (culprit?.withSetUp === true) return 'Set Claude Code up again: that offers a fix.';
  if (culprit?.fix == null && culprit?.remedy == null) return culprit?.detail ?? '';
  return 'What to do about it stands on the Clients page, below “What clients will use”.';
}
