import { join } from 'node:path';
import type { ClientsReport, ConnectionTest, Diff, SnippetTarget } from '../../../shared/clients.ts';
import type { Clock } from '../clock.ts';
import { AppError, toErrorView } from '../errors.ts';
import type { Actor, Audit, EventLog, Logger, SettingsSource } from '../ports.ts';
import { ClaudeCode, type Outcome } from './claude-code.ts';
import { testConnection } from './connection-test.ts';
import type { Fix } from './doctor/facts.ts';
import type { Diagnosis } from './doctor/finding.ts';
import { createFixNotes } from './doctor/fix-notes.ts';
import { carryOut, editOf } from './doctor/fixes.ts';
import { comesHere, type ExaminationDeps, examine } from './examination.ts';
import { createSetupRecords } from './setup-record.ts';
import { snippetsOf, snippetText } from './snippets.ts';

/** What the set-up of clients needs. */
export type ClientSetupDeps = {
  /** The user's folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: Audit;
  readonly settings: SettingsSource;
  readonly events: EventLog;
  /** Null while the proxy does not listen. */
  readonly port: () => number | null;
  /** Secret of the client key for Claude Code, made when needed. @throws AppError `vault_locked` */
  readonly key: () => string;
  /** Secret of any client key. @throws AppError `not_found`, `conflict`, `vault_locked` */
  readonly revealKey: (keyId: string) => string;
  /** Whether a secret is a client key that opens the proxy; needs no open vault. */
  readonly isOwnKey: (secret: string) => boolean;
  /** Instead of the file of the operating system; for tests. */
  readonly managedSettingsFile?: string;
  /** Follows each change that a page about clients would show. */
  readonly onChange?: () => void;
};

/** How Claude Code is set up. `fixes`: findings that say `withSetUp`. */
type SetUpRequest = { hints: boolean; fixes?: readonly string[] | undefined };

/**
 * The set-up of clients: Claude Code's settings file, what else decides where it goes, copyable set-ups for other
 * clients, and a test of the whole way. Everything that touches files is done one after the other.
 */
export type ClientSetup = {
  report(): Promise<ClientsReport>;
  /** @throws AppError `client_settings_unreadable`, and `not_found` for a fix that is gone */
  preview(request: { action: 'apply' | 'restore' } & SetUpRequest): Promise<Diff>;
  /**
   * Points Claude Code here, now or as soon as the proxy listens, after the fixes that were chosen.
   * @throws AppError `not_found` for a fix that is gone, AppError `client_settings_unreadable`, `client_settings_changed`, `vault_locked`, `data_dir_unusable`
   */
  apply(request: SetUpRequest, actor: Actor): Promise<void>;
  /** Puts the settings back as they were, for good. @throws AppError as `apply` */
  restore(actor: Actor): Promise<void>;
  /** @throws AppError `not_found` for a finding that is gone or has no fix, and as `apply` */
  fix(request: { findingId: string }, actor: Actor): Promise<void>;
  /** Never throws. */
  test(): Promise<ConnectionTest>;
  /** Holds a key: for the clipboard only. @throws AppError `conflict` while there is no port, and of `revealKey` */
  snippetText(target: SnippetTarget, keyId: string): string;
  /** The command that a finding offers, for the clipboard. @throws AppError `not_found` when it has none now */
  commandText(findingId: string): Promise<string>;
  /** The proxy listens, perhaps on another port, or the key has changed. Never throws. */
  listening(port: number): Promise<void>;
  /** The proxy does not listen any more. Never throws. */
  notListening(): Promise<void>;
  /** The app quits: as `notListening`, and nothing is set up after it. Never throws. */
  close(): Promise<void>;
};

/** What an automatic change is called in events. */
const FAILED = {
  resume: 'Claude Code could not be pointed at this app.',
  release: "Claude Code's settings could not be put back as they were.",
} as const;

/** See {@link ClientSetup}. */
export function createClientSetup(deps: ClientSetupDeps): ClientSetup {
  const { settings, clock, port, key } = deps;
  const folder = join(deps.dataDir, 'clients');
  const records = createSetupRecords(folder, clock, deps.log);
  const notes = createFixNotes(folder);
  const { home, platform, env, managedSettingsFile } = deps;
  const here = { home, platform, env, managedSettingsFile };
  const configuredPort = () => settings.current().port;
  const claudeCode = new ClaudeCode({
    here,
    records,
    port,
    configuredPort,
    key,
    isOwnKey: deps.isOwnKey,
    keyRequired: () => settings.current().requireClientKey,
  });
  const looking = { here, claudeCode, records, notes, port, configuredPort, clock };
  const inTurn = createQueue();
  const automatic = createAutomatic(deps);

  return {
    report: () =>
      inTurn(async () => {
        const { state, verdict, diagnoses } = await examine(looking, automatic.problem());
        const findings = diagnoses.map(({ action: _, ...finding }) => finding);
        return { claudeCode: state, verdict, findings, snippets: snippetsOf(port() ?? shownPort(deps)) };
      }),
    preview: ({ action, hints, fixes }) =>
      inTurn(async () => {
        const edits = (await chosen(looking, fixes)).flatMap((fix) => editOf(fix) ?? []);
        return claudeCode.preview(action, hints, edits);
      }),
    apply: ({ hints, fixes }, actor) =>
      inTurn(async () => {
        for (const fix of await chosen(looking, fixes)) await mend(fix, actor);
        await byUser(deps, { actor, action: 'clients.apply' }, () => claudeCode.apply(hints));
      }).then(automatic.settled),
    restore: (actor) =>
      inTurn(() => byUser(deps, { actor, action: 'clients.restore' }, () => claudeCode.restore(true))).then(
        automatic.settled,
      ),
    fix: ({ findingId }, actor) =>
      inTurn(async () => {
        const { action } = await lookUp(looking, findingId);
        if (action === null) throw goneFinding();
        await mend(action, actor);
      }),
    test: () => testConnection({ port, key, clock, claudeCode: () => comesHere(looking) }),
    snippetText: (target, keyId) => {
      const number = port();
      if (number !== null) return snippetText(target, number, deps.revealKey(keyId));
      throw new AppError('conflict', 'The proxy is off, so it has no address. Switch it on first.');
    },
    commandText: (findingId) => inTurn(() => commandOf(looking, findingId)),
    listening: (number) => inTurn(() => automatic.run('resume', () => claudeCode.resume(number))),
    notListening: () => inTurn(() => automatic.run('release', release)),
    close: () => inTurn(() => automatic.close(release)),
  };

  function mend(fix: Fix, actor: Actor): Promise<void> {
    return byUser(deps, { actor, action: `clients.fix.${fix.kind}` }, () =>
      carryOut(fix, { notes, clock, home }),
    );
  }

  async function release(): Promise<Outcome> {
    const { wanted } = await records.load();
    // What is not wanted is a leftover of a crash, and goes in any case.
    return settings.current().restoreClientsOnQuit || !wanted ? claudeCode.restore(false) : 'unchanged';
  }
}

/** A finding as it is now. @throws AppError `not_found` */
async function lookUp(looking: ExaminationDeps, findingId: string): Promise<Diagnosis> {
  const { diagnoses } = await examine(looking, null);
  const found = diagnoses.find(({ id }) => id === findingId);
  if (found === undefined) throw goneFinding();
  return found;
}

async function commandOf(looking: ExaminationDeps, findingId: string): Promise<string> {
  const { remedy } = await lookUp(looking, findingId);
  if (remedy === null) throw goneFinding();
  return remedy.command;
}

/** The fixes of findings, of those that go together with the set-up. @throws AppError `not_found` */
async function chosen(looking: ExaminationDeps, ids: readonly string[] = []): Promise<Fix[]> {
  const found = await Promise.all(ids.map((id) => lookUp(looking, id)));
  return found.map(({ withSetUp, action }) => {
    if (withSetUp && action !== null) return action;
    throw goneFinding();
  });
}

function goneFinding(): AppError {
  return new AppError('not_found', 'This is not as it was any more. Look at the findings again.');
}

function shownPort({ settings }: ClientSetupDeps): number | null {
  const { port } = settings.current();
  return port === 0 ? null : port;
}

/** Runs one after the other; a failure stays with its caller. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };
}

/** A change the user asked for: on record whether it succeeds or not. */
async function byUser<T>(
  { audit, onChange }: ClientSetupDeps,
  { actor, action }: { actor: Actor; action: string },
  work: () => Promise<T>,
): Promise<T> {
  const entry = { actor, action, subject: 'Claude Code' };
  try {
    const result = await work();
    audit.write({
      ...entry,
      outcome: 'ok',
      detail: result === 'drifted' ? 'changed by somebody else' : null,
    });
    return result;
  } catch (error) {
    audit.write({ ...entry, outcome: 'failed', detail: toErrorView(error).code });
    throw error;
  } finally {
    onChange?.();
  }
}

/** Changes the app makes by itself: they never throw, and say each trouble once. */
function createAutomatic(deps: ClientSetupDeps) {
  let trouble: string | null = null;
  let closed = false;

  function say(code: string, message: string): void {
    if (message !== trouble) deps.events.add({ level: 'warn', code, message });
    trouble = message;
  }

  async function run(kind: keyof typeof FAILED, work: () => Promise<Outcome>): Promise<void> {
    if (closed) return;
    try {
      const outcome = await work();
      if (outcome === 'written') {
        const action = kind === 'resume' ? 'clients.apply' : 'clients.restore';
        deps.audit.write({ actor: 'app', action, subject: 'Claude Code', outcome: 'ok', detail: null });
      }
      if (outcome === 'drifted') say('client_setup_drifted', DRIFTED);
      else trouble = null;
    } catch (error) {
      const { code, message } = toErrorView(error);
      deps.log.warn('client_setup_failed', { kind, code });
      say('client_setup_failed', `${FAILED[kind]} ${message}`);
    } finally {
      deps.onChange?.();
    }
  }

  return {
    run,
    problem: () => trouble,
    settled: (): void => {
      trouble = null;
    },
    async close(release: () => Promise<Outcome>): Promise<void> {
      await run('release', release);
      closed = true;
    },
  };
}

const DRIFTED =
  "Claude Code's settings were changed by hand or by another program, so they were left as they are. The page about clients shows what differs.";
