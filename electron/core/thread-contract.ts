import type { EngineState, StorageState, VaultMode } from '../../shared/app-state.ts';
import type { ClientKeyView } from '../../shared/client-key.ts';
import type { ClientsReport, ConnectionTest, Diff } from '../../shared/clients.ts';
import type { ErrorView } from '../../shared/errors.ts';
import type { LimitHistory } from '../../shared/forecast.ts';
import type { ImportAccount, ImportPreview, ImportResult } from '../../shared/import.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type {
  HourlyReport,
  RequestCursor,
  RequestFilter,
  RequestPage,
  RequestRecord,
  RequestRow,
  TotalsReport,
} from '../../shared/request-record.ts';
import type { LiveSession, SessionTotals } from '../../shared/session.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Actor, LogFields, Logger } from './ports.ts';

export type { Logger };

/**
 * The messages between the three threads. The shell imports this file for its types only.
 */

/** Handed to the engine as workerData. Secrets come by environment (`CCFLARE_PASSPHRASE`, provisioned keys). */
export type EngineInit = {
  dataDir: string;
  appVersion: string;
  /** From `--port`; wins over the setting for this run. */
  portOverride: number | null;
  demo: boolean;
  /** File of `--provision`, absolute. */
  provisionFile: string | null;
  /**
   * `restore-clients`: put client settings back as they were and do nothing else (for uninstallers).
   * `release-clients`: the same until the proxy runs again, where the user has nothing against it.
   */
  task: 'serve' | 'restore-clients' | 'release-clients';
};

/** Handed to the archive as workerData. */
export type ArchiveInit = { dataDir: string };

/** A call that changes something carries who asked. */
type Acted<T> = T & { actor: Actor };

/** Calls the engine answers for the shell. */
export type EngineCalls = {
  /**
   * Opens store and vault, applies the provision file, starts to listen. Answers when the proxy listens (or is
   * switched off); rejects with the coded reason when it cannot.
   */
  start: { argument: undefined; answer: { port: number | null } };
  state: { argument: undefined; answer: EngineState };
  'proxy.setEnabled': { argument: Acted<{ enabled: boolean }>; answer: null };
  'accounts.add': { argument: Acted<CallInput<'accounts.add'>>; answer: { id: string } };
  'accounts.rename': { argument: Acted<CallInput<'accounts.rename'>>; answer: null };
  'accounts.setPaused': { argument: Acted<CallInput<'accounts.setPaused'>>; answer: null };
  'accounts.setAllPaused': { argument: Acted<CallInput<'accounts.setAllPaused'>>; answer: null };
  'accounts.setPriority': { argument: Acted<CallInput<'accounts.setPriority'>>; answer: null };
  'accounts.addSetupToken': { argument: Acted<CallInput<'accounts.addSetupToken'>>; answer: { id: string } };
  'accounts.setEndpoint': { argument: Acted<CallInput<'accounts.setEndpoint'>>; answer: null };
  'accounts.checkUsage': { argument: Acted<CallInput<'accounts.checkUsage'>>; answer: null };
  'accounts.replaceKey': { argument: Acted<CallInput<'accounts.replaceKey'>>; answer: null };
  'accounts.clearCooldown': { argument: Acted<CallInput<'accounts.clearCooldown'>>; answer: null };
  'accounts.tryNow': { argument: Acted<CallInput<'accounts.tryNow'>>; answer: null };
  'limits.history': { argument: CallInput<'limits.history'>; answer: LimitHistory };
  /** Sessions that are bound, pinned or running now. */
  'sessions.live': { argument: undefined; answer: LiveSession[] };
  'sessions.move': { argument: Acted<CallInput<'sessions.move'>>; answer: null };
  'sessions.pin': { argument: Acted<CallInput<'sessions.pin'>>; answer: null };
  'sessions.release': { argument: Acted<CallInput<'sessions.release'>>; answer: null };
  'accounts.remove': { argument: Acted<CallInput<'accounts.remove'>>; answer: null };
  'signIn.start': { argument: Acted<CallInput<'signIn.start'>>; answer: SignInTicket };
  /** The sign-in window was about to go to the redirect address; nothing was loaded from there. */
  'signIn.redirected': { argument: { id: string; url: string }; answer: null };
  /** The sign-in window was closed by the user, or could not show the page (`reason`). */
  'signIn.windowClosed': { argument: { id: string; reason: string | null }; answer: null };
  'signIn.paste': { argument: CallInput<'signIn.paste'>; answer: null };
  'signIn.confirm': { argument: Acted<CallInput<'signIn.confirm'>>; answer: { id: string } };
  'signIn.cancel': { argument: CallInput<'signIn.cancel'>; answer: null };
  /** Reads accounts, preferences and (from `configFile`) settings of a copied database; writes nothing. */
  'import.look': {
    argument: { copy: string; configFile: string | null };
    answer: {
      accounts: ImportAccount[];
      settings: ImportPreview['settings'];
      agentPreferences: number;
      skipped: ImportPreview['skipped'];
    };
  };
  /** Takes them over; secrets go straight into the vault. `accountIds`: id there to id here, of all that exist here. */
  'import.take': {
    argument: Acted<{ copy: string; configFile: string | null } & ImportChoice>;
    answer: { accountIds: Record<string, string> } & Pick<
      ImportResult,
      'accountsAdded' | 'accountsSkipped' | 'settingsTaken' | 'agentPreferences'
    >;
  };
  'clients.report': { argument: undefined; answer: ClientsReport };
  'clients.preview': { argument: CallInput<'clients.preview'>; answer: Diff };
  'clients.apply': { argument: Acted<CallInput<'clients.apply'>>; answer: null };
  'clients.restore': { argument: Acted<object>; answer: null };
  'clients.fix': { argument: Acted<CallInput<'clients.fix'>>; answer: null };
  'clients.test': { argument: undefined; answer: ConnectionTest };
  'clientKeys.create': { argument: Acted<CallInput<'clientKeys.create'>>; answer: ClientKeyView };
  'clientKeys.rename': { argument: Acted<CallInput<'clientKeys.rename'>>; answer: null };
  'clientKeys.setExhaustion': { argument: Acted<CallInput<'clientKeys.setExhaustion'>>; answer: null };
  'clientKeys.revoke': { argument: Acted<CallInput<'clientKeys.revoke'>>; answer: null };
  /** Text for the clipboard; goes to the shell only, never on to the page. */
  'clipboard.text': { argument: CallInput<'clipboard.copy'>; answer: string };
  'settings.patch': { argument: Acted<CallInput<'settings.patch'>>; answer: Settings };
  'vault.unlock': { argument: Acted<{ passphrase: string }>; answer: null };
  'vault.choose': { argument: Acted<CallInput<'vault.choose'>>; answer: null };
  /** Replay and queue use, for the storage view. */
  counters: {
    argument: undefined;
    answer: Pick<StorageState, 'queueDepth' | 'queueLimit' | 'droppedRecords' | 'replayBytes'>;
  };
  /** The computer woke up or the network changed: pooled sockets are dropped, tokens looked at again. */
  'power.resumed': { argument: undefined; answer: null };
  /**
   * Stops accepting, lets streams finish up to the deadline and renewals beyond it, flushes records, closes the store.
   * The first int32 of `ended` then becomes 1, for a caller that sleeps meanwhile. A second call joins the first.
   */
  shutdown: { argument: { deadlineMs: number; ended?: SharedArrayBuffer }; answer: null };
};

/** What is to be taken over. */
export type ImportChoice = Omit<CallInput<'import.run'>, 'sourceId' | 'requests'>;

/** A sign-in that has begun, for whoever opens the page. */
export type SignInTicket = {
  id: string;
  way: 'window' | 'browser' | 'paste';
  /** Page to open: https, or http on this computer where the settings say so. */
  url: string;
  /** Address the provider comes back to; in the window it is caught before it loads. */
  redirectUri: string;
  /** UTC ms at which the sign-in is given up. */
  expiresAt: number;
};

/** What the engine tells the shell. */
export type EngineEvents = {
  /** Changed slices, already coalesced (at most 4 per second). */
  state: Partial<EngineState>;
  log: { level: 'debug' | 'info' | 'warn' | 'error'; event: string; fields: LogFields };
  /** Each time the proxy begins to listen. */
  listening: { port: number };
  /** The engine wants the keychain; answered with {@link KeychainReply} messages. */
  keychain: KeychainRequest;
  /** Which proxy does the system want for this origin? Answered with a raw `system-proxy` message. */
  resolveProxy: { origin: string };
  /** While shutting down: a login is being renewed, and is awaited for at most `ms` more. */
  renewalAwaited: { ms: number };
};

/** The few messages the other way: the engine asks, the shell answers with the same `seq`. */
export type KeychainRequest =
  | { seq: number; type: 'wrap' /** 32 bytes. */; key: Uint8Array }
  | { seq: number; type: 'unwrap'; wrapped: Uint8Array /** Backend it was wrapped with. */; backend: string };

export type KeychainReply =
  | { seq: number; ok: true; bytes: Uint8Array; backend: string }
  | {
      seq: number;
      ok: false /** Plain words. */;
      reason: string /** No OS keychain at all, as opposed to a refusal. */;
      absent: boolean;
    };

/** Raw messages (not calls) from shell to engine. */
export type EngineRawMessage =
  | { type: 'keychain-reply'; reply: KeychainReply }
  | { type: 'system-proxy'; origin: string; proxy: string | null }
  /** Carries a transferred MessagePort to the archive in `port`. */
  | { type: 'archive-port'; port: unknown };

/** How the vault file (`vault.json` in the data folder, mode 0600) remembers the data keys. */
export type VaultFileEntry = {
  keyId: string;
  mode: Exclude<VaultMode, 'memory'>;
  createdAt: number;
  /** Base64. keychain: safeStorage ciphertext. passphrase: AES-256-GCM under the scrypt key. */
  wrapped: string;
  backend: string | null;
  scrypt: { salt: string; N: number; r: number; p: number } | null;
};

/** Calls the archive answers for the shell. */
export type ArchiveCalls = {
  start: { argument: undefined; answer: null };
  list: {
    argument: { filter: RequestFilter; cursor: RequestCursor | null; limit: number };
    answer: RequestPage;
  };
  get: { argument: { id: string }; answer: RequestRecord | null };
  totals: { argument: { from: number; to: number }; answer: TotalsReport };
  hourly: { argument: { from: number; to: number }; answer: HourlyReport };
  /** Sums per session since `since` (UTC ms), the newest 300 first. */
  sessions: { argument: { since: number }; answer: SessionTotals[] };
  storage: {
    argument: undefined;
    answer: Pick<StorageState, 'archiveBytes' | 'requestRows' | 'oldestRequestAt'>;
  };
  /**
   * Copies a database with its `-wal` and `-shm` into a private folder of ours and looks at it. `copy` names the
   * copied file; it lives until `import.close` or the next start.
   */
  'import.open': {
    argument: { path: string };
    answer: { copy: string } & Pick<ImportPreview, 'requests' | 'skipped' | 'warnings'>;
  };
  /** Takes the request history over in batches, with the original ids; `imported` events tell how far it is. */
  'import.history': {
    argument: { copy: string; accountIds: Record<string, string> };
    answer: Pick<ImportResult, 'requestsAdded' | 'requestsKnown' | 'requestsBroken'> & { cancelled: boolean };
  };
  'import.cancel': { argument: undefined; answer: null };
  /** Overwrites and deletes the copy. */
  'import.close': { argument: { copy: string }; answer: null };
  /** Overwrites and deletes an old database with its log files. */
  'import.deleteSource': { argument: { path: string }; answer: null };
  /** Settings it needs; sent at start and on change. */
  configure: { argument: Pick<Settings, 'requestRetentionDays' | 'maxArchiveBytes'>; answer: null };
  /** Writes out what is queued, closes the file. */
  shutdown: { argument: undefined; answer: null };
};

/** What the archive tells the shell. */
export type ArchiveEvents = {
  /** Rows just written, coalesced (at most 4 messages per second, 200 rows each). */
  recorded: { rows: RequestRow[] };
  imported: { done: number; total: number };
  log: EngineEvents['log'];
  /** The file was damaged, was set aside, and a new one begins. */
  setAside: { file: string; error: ErrorView };
};

/** Raw messages (not calls) from shell to archive. */
export type ArchiveRawMessage = {
  type: 'engine-port' /** A transferred MessagePort to the engine. */;
  port: unknown;
};

/** Between engine and archive: records go over in batches, each is acknowledged after its transaction. */
export type ArchiveInbound =
  // As JSON: one flat string crosses the threads at a fraction of what cloning the objects costs.
  { type: 'records'; batch: number; count: number; json: string } | { type: 'flush'; seq: number };
export type ArchiveOutbound = { type: 'written'; batch: number } | { type: 'flushed'; seq: number };
