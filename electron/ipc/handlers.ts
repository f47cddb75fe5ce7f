import type { AppState, StorageState } from '../../shared/app-state.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallAnswer, CallInput, ExternalLink } from '../../shared/ipc/contract.ts';
import type { SessionView } from '../../shared/session.ts';
import type { ThreadClient } from '../../shared/thread-rpc.ts';
import type { ArchiveCalls, ArchiveEvents, EngineCalls, EngineEvents } from '../core/thread-contract.ts';
import type { Handlers } from './answer-call.ts';
import { boardSince, joinSessions } from './session-views.ts';

/** What the handlers call on. The clients are looked up at each call, since threads may have been restarted. */
export type HandlerDeps = {
  engine: () => ThreadClient<EngineCalls, EngineEvents>;
  archive: () => ThreadClient<ArchiveCalls, ArchiveEvents>;
  state: () => AppState;
  signIn: SignInCalls;
  imports: ImportCalls;
  copyText: (text: string) => void;
  openExternal: (link: ExternalLink) => Promise<void>;
  showLogFile: () => void;
  quit: () => void;
};

/** The part of a sign-in that needs windows. */
export type SignInCalls = {
  start(input: CallInput<'signIn.start'>, actor: 'dashboard'): Promise<CallAnswer<'signIn.start'>>;
  cancel(input: CallInput<'signIn.cancel'>): Promise<null>;
};

/** The import, which goes back and forth between both threads and a file dialog. */
export type ImportCalls = {
  find(): Promise<CallAnswer<'import.find'>>;
  choose(): Promise<CallAnswer<'import.choose'>>;
  preview(input: CallInput<'import.preview'>): Promise<CallAnswer<'import.preview'>>;
  run(input: CallInput<'import.run'>): Promise<null>;
  cancel(): Promise<null>;
  deleteSource(input: CallInput<'import.deleteSource'>): Promise<null>;
};

/** Calls of the page that the engine answers as they are, with the page named as the one who asked. */
type Forwarded = Extract<
  CallName & keyof EngineCalls,
  | `accounts.${string}`
  | `clientKeys.${string}`
  | `clients.${'apply' | 'restore' | 'fix'}`
  | `sessions.${'move' | 'pin' | 'release'}`
  | 'signIn.confirm'
  | 'proxy.setEnabled'
  | 'settings.patch'
  | `vault.${string}`
>;

/** One line per call. */
export function createHandlers(deps: HandlerDeps): Handlers {
  return { ...forwarded(deps), ...signInHandlers(deps), ...importHandlers(deps), ...otherHandlers(deps) };
}

function forwarded({ engine }: HandlerDeps): Pick<Handlers, Forwarded> {
  const act =
    <N extends Forwarded>(name: N) =>
    (input: object | undefined): Promise<EngineCalls[N]['answer']> =>
      engine().call(name, { ...input, actor: 'dashboard' } as EngineCalls[N]['argument']);
  return {
    'proxy.setEnabled': act('proxy.setEnabled'),
    'accounts.add': act('accounts.add'),
    'accounts.addSetupToken': act('accounts.addSetupToken'),
    'accounts.rename': act('accounts.rename'),
    'accounts.setPaused': act('accounts.setPaused'),
    'accounts.setAllPaused': act('accounts.setAllPaused'),
    'accounts.setPriority': act('accounts.setPriority'),
    'accounts.setEndpoint': act('accounts.setEndpoint'),
    'accounts.checkUsage': act('accounts.checkUsage'),
    'accounts.replaceKey': act('accounts.replaceKey'),
    'accounts.clearCooldown': act('accounts.clearCooldown'),
    'accounts.tryNow': act('accounts.tryNow'),
    'accounts.remove': act('accounts.remove'),
    'sessions.move': act('sessions.move'),
    'sessions.pin': act('sessions.pin'),
    'sessions.release': act('sessions.release'),
    'signIn.confirm': act('signIn.confirm'),
    'clients.apply': act('clients.apply'),
    'clients.restore': act('clients.restore'),
    'clients.fix': act('clients.fix'),
    'clientKeys.create': act('clientKeys.create'),
    'clientKeys.rename': act('clientKeys.rename'),
    'clientKeys.revoke': act('clientKeys.revoke'),
    'clientKeys.setExhaustion': act('clientKeys.setExhaustion'),
    'settings.patch': act('settings.patch'),
    'vault.unlock': act('vault.unlock'),
    'vault.choose': act('vault.choose'),
  };
}

function signInHandlers({ signIn, engine }: HandlerDeps): Pick<Handlers, Named<'signIn', 'confirm'>> {
  return {
    'signIn.start': (input) => signIn.start(input, 'dashboard'),
    'signIn.cancel': (input) => signIn.cancel(input),
    'signIn.paste': (input) => engine().call('signIn.paste', input),
  };
}

function importHandlers({ imports }: HandlerDeps): Pick<Handlers, Named<'import'>> {
  return {
    'import.find': () => imports.find(),
    'import.choose': () => imports.choose(),
    'import.preview': (input) => imports.preview(input),
    'import.run': (input) => imports.run(input),
    'import.cancel': () => imports.cancel(),
    'import.deleteSource': (input) => imports.deleteSource(input),
  };
}

/** Calls of one group, without some of them. */
type Named<Group extends string, Without extends string = never> = Exclude<
  Extract<CallName, `${Group}.${string}`>,
  `${Group}.${Without}`
>;

function otherHandlers(deps: HandlerDeps): Omit<Handlers, Forwarded | Named<'signIn'> | Named<'import'>> {
  const done = (work: () => void): null => {
    work();
    return null;
  };
  return {
    'state.get': () => deps.state(),
    'limits.history': (input) => deps.engine().call('limits.history', input),
    'sessions.list': ({ hours }) => sessionsOf(deps, Date.now(), hours),
    'clients.report': () => deps.engine().call('clients.report', undefined),
    'clients.preview': (input) => deps.engine().call('clients.preview', input),
    'clients.test': () => deps.engine().call('clients.test', undefined),
    'clipboard.copy': async (input) => {
      deps.copyText(await deps.engine().call('clipboard.text', input));
      return null;
    },
    'requests.list': (input) => deps.archive().call('list', input),
    'requests.get': (input) => deps.archive().call('get', input),
    'requests.totals': (input) => deps.archive().call('totals', input),
    'requests.hourly': (input) => deps.archive().call('hourly', input),
    'storage.get': () => storageOf(deps),
    'app.openExternal': async ({ link }) => {
      await deps.openExternal(link);
      return null;
    },
    'app.showLogFile': () => done(deps.showLogFile),
    'app.quit': () => done(deps.quit),
  };
}

/**
 * Without the log the board still says what runs where, and without routing what ran.
 * @throws what the engine throws when neither of them answers
 */
async function sessionsOf(deps: HandlerDeps, now: number, hours: number): Promise<SessionView[]> {
  const since = boardSince(now, hours);
  const [live, totals] = await Promise.allSettled([
    deps.engine().call('sessions.live', undefined),
    deps.archive().call('sessions', { since }),
  ]);
  if (live.status === 'rejected' && totals.status === 'rejected') throw live.reason;
  return joinSessions(answerOr(totals, []), answerOr(live, []), now, hours);
}

function answerOr<T>(result: PromiseSettledResult<T>, otherwise: T): T {
  return result.status === 'fulfilled' ? result.value : otherwise;
}

async function storageOf(deps: HandlerDeps): Promise<StorageState> {
  const [archive, counters] = await Promise.all([
    deps.archive().call('storage', undefined),
    deps.engine().call('counters', undefined),
  ]);
  return { ...archive, ...counters };
}
