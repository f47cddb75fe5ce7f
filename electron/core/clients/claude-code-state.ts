import type { ClaudeCodeState } from '../../../shared/clients.ts';
import type { AddressFacts } from './own-address.ts';
import { ADDRESS, HINTS, type OurName } from './placement.ts';
import type { SetupRecord } from './setup-record.ts';

/** What the state is made from. */
export type StateFacts = {
  readonly settingsFile: string;
  readonly found: boolean;
  readonly record: SetupRecord;
  readonly settings:
    | {
        readonly address: unknown;
        readonly leadsTo: AddressFacts;
        readonly hints: boolean;
        readonly drifted: readonly OurName[];
      }
    /** The reason, in words. */
    | { readonly unreadable: string };
  readonly listening: boolean;
  /** What the doctor's verdict comes down to. */
  readonly comesHere: boolean;
  /** What went wrong at the last change that the app made by itself. */
  readonly lastProblem: string | null;
};

/** The state of the set-up with words for what needs the user. Pure. */
export function claudeCodeStateOf(facts: StateFacts): ClaudeCodeState {
  const { settingsFile, found, record, settings, lastProblem } = facts;
  const common = {
    settingsFile,
    found,
    wanted: record.wanted,
    backupAt: record.setUp?.backup == null ? null : record.setUp.at,
  };
  if ('unreadable' in settings) {
    return { ...common, phase: 'unreadable', hints: false, problem: settings.unreadable };
  }
  const { phase, problem } = judge(facts, settings);
  return { ...common, phase, hints: settings.hints, problem: problem ?? lastProblem };
}

const OVERRULED =
  'The set-up has no effect so far, since something else decides where Claude Code goes: the findings say what.';

type Judgement = Pick<ClaudeCodeState, 'phase' | 'problem'>;

function judge(
  { record, listening, comesHere }: StateFacts,
  settings: Exclude<StateFacts['settings'], { unreadable: string }>,
): Judgement {
  const { address, leadsTo, drifted } = settings;
  if (leadsTo.kind !== 'own') {
    return record.setUp === null
      ? off(record, listening)
      : { phase: 'drifted', problem: changed(address, leadsTo) };
  }
  if (!listening) {
    return { phase: 'on', problem: 'The proxy is off, so Claude Code reaches nobody until it is on again.' };
  }
  if (!leadsTo.current) {
    return {
      phase: 'drifted',
      problem: `${ADDRESS} names an old port or key of this app. Set Claude Code up again to repair it.`,
    };
  }
  if (drifted.includes(HINTS)) {
    return {
      phase: 'drifted',
      problem: `${HINTS} was changed or removed. Set Claude Code up again to repair it.`,
    };
  }
  if (!comesHere) return { phase: 'overruled', problem: OVERRULED };
  const found =
    'The settings name this app already, but the app did not write that. It is taken out only when you say so.';
  return { phase: 'on', problem: record.setUp === null ? found : null };
}

function off({ wanted }: SetupRecord, listening: boolean): Judgement {
  const waiting = 'Claude Code is set up as soon as the proxy is switched on.';
  return { phase: 'off', problem: wanted && !listening ? waiting : null };
}

/** What somebody did to our address. */
function changed(address: unknown, leadsTo: AddressFacts): string {
  const way = 'Set Claude Code up again, or put it back: what was changed by hand stays.';
  if (address === undefined)
    return `${ADDRESS} was removed from the settings by hand or by another program. ${way}`;
  if (leadsTo.kind === 'local') {
    const who = leadsTo.looksLike === null ? '' : `, which looks like ${leadsTo.looksLike}`;
    return `${ADDRESS} was changed and now names ${leadsTo.host}${who}. ${way}`;
  }
  if (leadsTo.kind === 'remote') return `${ADDRESS} was changed and now names ${leadsTo.host}. ${way}`;
  return `${ADDRESS} was changed to something that is no address. ${way}`;
}
