import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { AppError } from '../errors.ts';
import type { AccountApi } from '../oauth/account-api.ts';
import type { TokenClient } from '../oauth/token-client.ts';
import type { Audit, EventLog, Logger, Sealed, SettingsSource, Vault } from '../ports.ts';
import type { AccountRow, AccountStore } from '../store-ports.ts';
import { createAccounts } from './accounts.ts';

/** A profile that no token may read. */
const NO_PROFILE: Pick<AccountApi, 'profile'> = { profile: () => Promise.resolve({ kind: 'scope-missing' }) };

/** Accounts over a store in memory, with everything they write and say kept for looking at. */
export function createAccountsBench(tokens: TokenClient, api = NO_PROFILE) {
  const clock = createFakeClock();
  const steps: string[] = [];
  const said: string[] = [];
  const audits: Parameters<Audit['write']>[0][] = [];
  const events: Parameters<EventLog['add']>[0][] = [];
  const { store, rows } = memoryStore(steps);
  const vault = createFakeVault();
  const log = keepingLog(said);
  const counter = { changes: 0 };
  const replaced: string[] = [];
  const { settings, patch } = fakeSettings();
  const deps = {
    store,
    transaction: <T>(work: () => T): T => work(),
    settings,
    vault,
    clock,
    log,
    tokens,
    api,
    audit: { write: (entry: Parameters<Audit['write']>[0]) => void audits.push(entry) },
    events: { add: (event: Parameters<EventLog['add']>[0]) => void events.push(event) },
    onChange: () => {
      counter.changes += 1;
    },
    onCredentialReplaced: (id: string) => void replaced.push(id),
    random: () => 0,
  };
  const accounts = createAccounts(deps);
  accounts.load();
  /** All that left the room, to look for secrets in. */
  const words = (): string => JSON.stringify([said, audits, events]);
  return {
    accounts,
    deps,
    clock,
    store,
    rows,
    vault,
    steps,
    audits,
    events,
    words,
    counter,
    replaced,
    patch,
  };
}

/** Settings that a test changes by `patch`. */
function fakeSettings() {
  let current: Settings = DEFAULT_SETTINGS;
  const listeners = new Set<Parameters<SettingsSource['onChange']>[0]>();
  const settings: SettingsSource = {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  function patch(change: Partial<Settings>): void {
    current = { ...current, ...change };
    const keys = Object.keys(change) as (keyof Settings)[];
    for (const listener of listeners) listener(current, new Set(keys));
  }
  return { settings, patch };
}

/** A vault that turns text around and binds it to its place. */
function createFakeVault(): Vault & { open: Vault['open']; locked: boolean; broken: boolean } {
  const place = (row: string, column: string): string => `${row}/${column}/`;
  return {
    locked: false,
    broken: false,
    ready() {
      return !this.locked;
    },
    seal(plain, row, column) {
      if (this.locked) throw new AppError('vault_locked', 'Locked.');
      const text = place(row, column) + [...plain].reverse().join('');
      return { keyId: 'k', bytes: Buffer.from(text) };
    },
    open(sealed, row, column) {
      if (this.locked) throw new AppError('vault_locked', 'Locked.');
      const text = Buffer.from(sealed.bytes).toString();
      const start = place(row, column);
      if (this.broken || !text.startsWith(start)) throw new AppError('secret_unreadable', 'Unreadable.');
      return [...text.slice(start.length)].reverse().join('');
    },
  };
}

function memoryStore(steps: string[]) {
  const rows = new Map<string, AccountRow>();
  const state = { failing: false };
  const store: AccountStore & { state: { failing: boolean } } = {
    state,
    list: () => [...rows.values()],
    insert(row) {
      rows.set(row.id, row);
    },
    update(id, change) {
      const row = rows.get(id);
      if (row !== undefined) rows.set(id, { ...row, ...change });
      steps.push(`update ${Object.keys(change).join(' ')}`);
    },
    rotateTokens(id, used, next) {
      if (state.failing) throw new AppError('database_busy', 'Busy.');
      const row = rows.get(id);
      if (row === undefined || !sameBytes(row.refreshToken, used)) return false;
      const signedIn = { credentialState: 'ok', credentialWords: null, lastRefreshError: null } as const;
      rows.set(id, { ...row, ...next, ...signedIn });
      steps.push('rotated');
      return true;
    },
    remove: (id) => void rows.delete(id),
  };
  return { store, rows };
}

function sameBytes(one: Sealed | null, other: Sealed): boolean {
  return one !== null && Buffer.compare(one.bytes, other.bytes) === 0;
}

function keepingLog(said: string[]): Logger {
  const keep: Logger['info'] = (event, fields) => void said.push(JSON.stringify([event, fields]));
  return { debug: keep, info: keep, warn: keep, error: keep };
}
