import type { ImportResult } from '../../shared/import.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { AppError } from '../core/errors.ts';
import type { Actor, Audit, EventLog, Vault } from '../core/ports.ts';
import type { EngineStore } from '../core/store-ports.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import type { OldLogin } from '../store/import/account-kind.ts';
import { type PlannedAccount, planAccounts } from '../store/import/account-plan.ts';
import { readSourceAccounts } from '../store/import/account-rows.ts';
import { readAgentPreferences, type SourcePreference } from '../store/import/agent-preferences.ts';
import { accountsHere, createImportMemory } from '../store/import/import-memory.ts';
import { openSource } from '../store/import/source-database.ts';
import { planSettings, readOldSettings, type SettingsPlan } from '../store/import/source-settings.ts';

/** What an import needs of the accounts. */
type AccountsTarget = {
  /** @throws AppError `name_taken`, `conflict` (too many), `vault_locked` */
  add(
    given: { name: string; apiKey: string; baseUrl?: string | undefined; priority?: number | undefined },
    actor: Actor,
  ): { id: string };
  /** @throws as `add`, and `duplicate_account` */
  addOauth(
    given: {
      name: string;
      accessToken: string;
      refreshToken: string | null;
      expiresAt: number | null;
      baseUrl?: string | undefined;
      priority?: number | undefined;
      paused?: boolean | undefined;
      consent: boolean;
    },
    actor: Actor,
  ): { id: string };
  setPaused(given: { id: string; paused: boolean }, actor: Actor): void;
};

/** The rooms that an import writes to, and the one way in which settings change. */
export type ImportDeps = {
  accounts: AccountsTarget;
  store: Pick<EngineStore, 'accounts' | 'settings' | 'agentPreferences'>;
  vault: Vault;
  settings: { current(): Settings; readonly overridden: ReadonlyMap<keyof Settings, string> };
  /** Stores, audits and carries out a change of settings. Rejects with `port_in_use` when a port cannot be had. */
  patchSettings(change: SettingsPatch, actor: Actor): Promise<unknown>;
  audit: Audit;
  events: EventLog;
};

type Look = EngineCalls['import.look'];
type Take = EngineCalls['import.take'];

/** What can be taken over from a copy. Holds secrets in clear: to be dropped with the call. */
type Offer = {
  readonly accounts: readonly PlannedAccount[];
  readonly preferences: readonly SourcePreference[];
  readonly settings: SettingsPlan;
};

/** Refusals that concern one account and leave the others alone. */
const SINGLE = ['name_taken', 'conflict', 'duplicate_account', 'invalid_input'];

/**
 * What of accounts, settings and agent preferences would come. Writes nothing.
 * @throws AppError `import_unreadable`
 */
export async function lookAtImport(deps: ImportDeps, where: Look['argument']): Promise<Look['answer']> {
  const { accounts, preferences, settings } = await readOffer(deps, where);
  return {
    accounts: accounts.map(({ view }) => view),
    settings: settings.settings,
    agentPreferences: preferences.length,
    skipped: settings.skipped,
  };
}

/**
 * Takes over what was chosen; secrets go straight into the vault. A second time it adds nothing.
 * @throws AppError `consent_needed` for a subscription login without consent, `vault_locked`, `import_unreadable`;
 * nothing is written then
 */
export async function takeImport(deps: ImportDeps, given: Take['argument']): Promise<Take['answer']> {
  const { actor } = given;
  const entry = { actor, action: 'import.take', subject: null };
  try {
    const answer = await take(deps, given);
    deps.audit.write({ ...entry, outcome: 'ok', detail: wordsOf(answer) });
    return answer;
  } catch (error) {
    const refused = error instanceof AppError;
    const outcome = refused ? 'refused' : 'failed';
    deps.audit.write({ ...entry, outcome, detail: refused ? error.code : null });
    throw error;
  }
}

async function take(deps: ImportDeps, given: Take['argument']): Promise<Take['answer']> {
  const offer = await readOffer(deps, given);
  const chosen = new Set(given.accounts);
  const wanted = offer.accounts.filter(({ view }) => chosen.has(view.sourceId) && view.skipped === null);
  requireAllowed(deps, wanted, given.consent);
  const added = addAccounts(deps, wanted, given.actor);
  const known = offer.accounts.flatMap(({ hereId, view }) =>
    hereId ? [[view.sourceId, hereId] as const] : [],
  );
  createImportMemory(deps.store.settings).put(new Map(known));
  return {
    accountIds: Object.fromEntries([...known, ...added]),
    accountsAdded: added.size,
    accountsSkipped: chosen.size - added.size,
    agentPreferences: given.agentPreferences ? putPreferences(deps, offer.preferences) : 0,
    settingsTaken: given.settings ? await takeSettings(deps, offer.settings.patch, given.actor) : 0,
  };
}

async function readOffer(deps: ImportDeps, where: Look['argument']): Promise<Offer> {
  const old = where.configFile === null ? null : await readOldSettings(where.configFile);
  const here = { current: deps.settings.current(), overridden: deps.settings.overridden };
  const memory = createImportMemory(deps.store.settings).read();
  const source = openSource(where.copy);
  try {
    return {
      accounts: planAccounts(
        readSourceAccounts(source),
        accountsHere(deps.store.accounts.list(), memory, deps.vault),
      ),
      preferences: readAgentPreferences(source),
      settings: planSettings(old, here),
    };
  } finally {
    source.close();
  }
}

function requireAllowed({ vault }: ImportDeps, wanted: readonly PlannedAccount[], consent: boolean): void {
  if (wanted.length === 0) return;
  if (!consent && wanted.some(({ source }) => source.kind === 'oauth')) {
    const words = 'Read and accept the notice about subscription logins first, or leave those accounts out.';
    throw new AppError('consent_needed', words);
  }
  if (!vault.ready()) {
    throw new AppError(
      'vault_locked',
      'The vault is locked. Unlock it, so that keys and logins can be stored.',
    );
  }
}

/** Each is remembered at once, so that an import that is cut short knows them next time. Id there to id here. */
function addAccounts(deps: ImportDeps, wanted: readonly PlannedAccount[], actor: Actor): Map<string, string> {
  const memory = createImportMemory(deps.store.settings);
  const added = new Map<string, string>();
  for (const account of wanted) {
    const id = addOne(deps, account, actor);
    if (id === null) continue;
    added.set(account.source.sourceId, id);
    memory.put(new Map([[account.source.sourceId, id]]));
  }
  return added;
}

/** Null when this one was refused, e.g. since its name was taken meanwhile. */
function addOne({ accounts, events }: ImportDeps, planned: PlannedAccount, actor: Actor): string | null {
  const { login, paused } = planned.source;
  if (login === null) return null;
  try {
    return addLogin(accounts, login, { name: planned.name, priority: planned.view.priority, paused }, actor);
  } catch (error) {
    if (!(error instanceof AppError) || !SINGLE.includes(error.code)) throw error;
    const message = `The account "${planned.name}" was not imported. ${error.message}`;
    events.add({ level: 'warn', code: 'import_account_refused', message });
    return null;
  }
}

function addLogin(
  accounts: AccountsTarget,
  { kind: _kind, ...login }: OldLogin,
  given: { name: string; priority: number; paused: boolean },
  actor: Actor,
): string {
  const { paused, ...plain } = given;
  if (!('apiKey' in login)) return accounts.addOauth({ ...given, ...login, consent: true }, actor).id;
  const { id } = accounts.add({ ...plain, ...login }, actor);
  if (paused) accounts.setPaused({ id, paused }, actor);
  return id;
}

/** What was chosen here after the old program's choice stays. */
function putPreferences({ store }: ImportDeps, preferences: readonly SourcePreference[]): number {
  const here = new Map(store.agentPreferences.list().map(({ agentId, updatedAt }) => [agentId, updatedAt]));
  const newer = preferences.filter(({ agentId, updatedAt }) => updatedAt > (here.get(agentId) ?? -1));
  if (newer.length > 0) store.agentPreferences.put(newer);
  return newer.length;
}

/** The port comes last and alone: where the old program still listens on it, the present one stays. */
async function takeSettings(deps: ImportDeps, patch: SettingsPatch, actor: Actor): Promise<number> {
  const { port, ...others } = patch;
  const count = Object.keys(others).length;
  if (count > 0) await deps.patchSettings(others, actor);
  if (port === undefined) return count;
  const before = deps.settings.current().port;
  if (await isPortHad(deps, port, actor)) return count + 1;
  await isPortHad(deps, before, actor);
  deps.events.add({ level: 'warn', code: 'import_port_kept', message: portWords(port, before) });
  return count;
}

/** Stores a port; false when the proxy cannot have it. The one before may be taken too, which the proxy itself says. */
async function isPortHad({ patchSettings }: ImportDeps, port: number, actor: Actor): Promise<boolean> {
  try {
    await patchSettings({ port }, actor);
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || !['port_in_use', 'port_forbidden'].includes(error.code)) throw error;
    return false;
  }
}

function portWords(wanted: number, kept: number): string {
  return `Port ${wanted} of the old program is not free, so ${kept} stays. Stop the old program, then change the port in the settings.`;
}

function wordsOf(result: Omit<ImportResult, 'requestsAdded' | 'requestsKnown' | 'requestsBroken'>): string {
  const { accountsAdded, accountsSkipped, settingsTaken, agentPreferences } = result;
  return `accounts ${accountsAdded}, skipped ${accountsSkipped}, settings ${settingsTaken}, agent preferences ${agentPreferences}`;
}
