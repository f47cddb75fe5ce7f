import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../shared/settings.ts';
import { createAccounts } from '../core/accounts/accounts.ts';
import { openSecret } from '../core/accounts/secret-places.ts';
import { AppError } from '../core/errors.ts';
import { createAudit } from '../core/security/audit.ts';
import { createVault } from '../core/security/vault.ts';
import { createSettings } from '../core/settings/settings.ts';
import type { EngineStore } from '../core/store-ports.ts';
import { openEngineStore } from '../store/engine-store.ts';
import { oldDatabase, put, putAccount, withoutConstraints } from '../store/import/testing/old-databases.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type ImportDeps, lookAtImport, takeImport } from './import-accounts.ts';

const KEY = 'sk-ant-api03-AAAAAAAAAAAAAAAA';
const REFRESH = 'sk-ant-ort01-BBBBBBBBBBBBBBBB';
const ACCESS = 'sk-ant-oat01-CCCCCCCCCCCCCCCC';
const OTHER = 'gateway-key-DDDDDDDDDDDDDDDD';
const EXPIRES = Date.UTC(2026, 10, 24, 20);

let folder = '';
let copy = '';
let configFile: string | null = null;
let store: EngineStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-accounts-'));
  copy = join(folder, 'copy.db');
  configFile = null;
  store = openEngineStore(join(folder, 'data'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function setUp(change: { locked?: boolean; env?: Record<string, string>; busyPort?: boolean } = {}) {
  const clock = createFakeClock();
  const said: string[] = [];
  const say = (event: string, fields?: object): void => void said.push(JSON.stringify([event, fields]));
  const log = { debug: say, info: say, warn: say, error: say };
  const events = { add: (event: object) => say('event', event) };
  const vault = createVault();
  const keys = { currentId: 'k', byId: new Map([['k', new Uint8Array(32).fill(7)]]) };
  if (!change.locked) vault.load(keys);
  const audit = createAudit(store.audit, clock);
  const settings = createSettings({ store: store.settings, env: change.env ?? {}, log });
  const accounts = createAccounts({
    store: store.accounts,
    transaction: (work) => store.transaction(work),
    settings,
    vault,
    clock,
    log,
    tokens: { refresh: () => Promise.reject(new Error('nobody asks')) } as never,
    api: { profile: () => Promise.resolve({ kind: 'scope-missing' }) },
    audit,
    events,
    onChange: () => {},
  });
  accounts.load();
  const patches: SettingsPatch[] = [];
  const deps: ImportDeps = {
    accounts,
    store,
    vault,
    settings,
    audit,
    events,
    patchSettings(patch) {
      patches.push(patch);
      settings.patch(patch);
      const taken = change.busyPort && patch.port === 8080;
      return taken ? Promise.reject(new AppError('port_in_use', 'Taken.')) : Promise.resolve();
    },
  };
  const words = () => JSON.stringify([said, store.audit.list(null, 100)]);
  return { deps, accounts, vault, settings, patches, words };
}

function filled(fill: (db: Database) => void, product: 'ccflare' | 'better-ccflare' = 'ccflare'): void {
  const db = oldDatabase(copy, product);
  fill(db);
  db.pragma('journal_mode = DELETE');
  db.close();
}

const take = (deps: ImportDeps, accounts: string[], change: object = {}) =>
  takeImport(deps, {
    copy,
    configFile,
    accounts,
    consent: true,
    settings: false,
    agentPreferences: false,
    actor: 'dashboard',
    ...change,
  });
const look = (deps: ImportDeps) => lookAtImport(deps, { copy, configFile });

/** A key, a login whose refresh token has to move on, and one of each oddity. */
function ccflareAccounts(db: Database): void {
  putAccount(db, { id: 'a-1', name: 'work', api_key: KEY, paused: 1 });
  const login = { refresh_token: REFRESH, access_token: ACCESS, expires_at: EXPIRES / 1000 };
  putAccount(db, { id: 'a-2', name: 'home', ...login });
}

describe('looking', () => {
  it('shows what comes, under which name and place, and writes nothing', async () => {
    filled(ccflareAccounts);
    const { deps, accounts } = setUp();
    accounts.add({ name: 'Work', apiKey: 'sk-ant-api03-another' }, 'dashboard');
    const before = JSON.stringify([store.accounts.list(), store.audit.list(null, 9)]);
    const { accounts: offered } = await look(deps);
    expect(offered).toMatchObject([
      { sourceId: 'a-1', name: 'work', kind: 'api-key', renamedTo: 'work (2)', priority: 10, paused: true },
      { sourceId: 'a-2', name: 'home', kind: 'oauth', renamedTo: null, priority: 0, paused: false },
    ]);
    expect(offered[1]?.note).toContain('shares its login');
    expect(JSON.stringify([store.accounts.list(), store.audit.list(null, 9)])).toBe(before);
    expect(JSON.stringify(offered)).not.toMatch(/AAAA|BBBB|CCCC/);
  });

  it('knows the providers of better-ccflare, and says why the others stay behind', async () => {
    filled((db) => {
      const endpoint = 'https://gateway.example/anthropic';
      putAccount(db, { id: '1', name: 'mirrored', refresh_token: KEY, access_token: KEY, priority: 7 });
      putAccount(db, { id: '2', name: 'console', provider: 'claude-console-api', api_key: KEY });
      const compatible = { provider: 'anthropic-compatible', api_key: OTHER };
      putAccount(db, { id: '3', name: 'gateway', ...compatible, custom_endpoint: endpoint });
      putAccount(db, { id: '4', name: 'plain', ...compatible, custom_endpoint: 'http://far.example' });
      putAccount(db, { id: '5', name: 'nowhere', ...compatible });
      putAccount(db, { id: '6', name: 'zai', provider: 'zai', api_key: OTHER });
      putAccount(db, { id: '7', name: 'empty' });
      putAccount(db, {
        id: '8',
        name: 'setup',
        provider: 'claude-oauth',
        refresh_token: null,
        access_token: ACCESS,
      });
      putAccount(db, { id: '9', name: 'benched', api_key: OTHER, paused: 1, pause_reason: 'overage' });
      withoutConstraints(db);
    }, 'better-ccflare');
    const { accounts } = await look(setUp().deps);
    expect(accounts.map(({ name, kind }) => [name, kind])).toEqual([
      ['mirrored', 'api-key'],
      ['console', 'api-key'],
      ['gateway', 'api-key'],
      ['plain', null],
      ['nowhere', null],
      ['zai', null],
      ['empty', null],
      ['setup', 'oauth'],
      ['benched', 'api-key'],
    ]);
    expect(accounts[0]?.priority).toBe(7);
    expect(accounts[5]?.skipped).toContain('"zai"');
    for (const { kind, skipped } of accounts) expect(skipped === null).toBe(kind !== null);
    expect(accounts[7]?.note).toContain('cannot be renewed');
    expect(accounts[8]?.note).toContain('paused it by itself');
  });
});

describe('taking', () => {
  it('puts secrets into the vault and nowhere else', async () => {
    filled(ccflareAccounts);
    const { deps, accounts, vault, words } = setUp();
    const answer = await take(deps, ['a-1', 'a-2']);
    expect(answer).toMatchObject({ accountsAdded: 2, accountsSkipped: 0 });
    const rows = store.accounts.list();
    expect(Object.values(answer.accountIds).sort()).toEqual(rows.map(({ id }) => id).sort());
    const [work, home] = [rows.find(({ name }) => name === 'work'), rows.find(({ name }) => name === 'home')];
    expect(work).toMatchObject({ kind: 'api-key', paused: true, consentAt: null });
    expect(home).toMatchObject({ kind: 'oauth', paused: false, expiresAt: EXPIRES });
    expect(home?.consentAt).not.toBe(null);
    expect(openSecret(vault, work!.apiKey!, work!.id, 'accounts.api_key')).toBe(KEY);
    expect(openSecret(vault, home!.refreshToken!, home!.id, 'accounts.refresh_token')).toBe(REFRESH);
    expect(accounts.pool.credentialNow(home!.id)?.value).toBe(`Bearer ${ACCESS}`);
    expect(words()).toContain('accounts 2, skipped 0');
    const files = ['ccflare.db', 'ccflare.db-wal'].map((name) => readFileSync(join(folder, 'data', name)));
    for (const secret of [KEY, REFRESH, ACCESS]) {
      expect(words()).not.toContain(secret);
      for (const bytes of files) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('adds nothing the second time, under other names and with renewed tokens too', async () => {
    filled(ccflareAccounts);
    const { deps, accounts } = setUp();
    const { accountIds } = await take(deps, ['a-1', 'a-2']);
    accounts.rename({ id: accountIds['a-2']!, name: 'elsewhere' }, 'dashboard');
    rmSync(copy);
    filled((db) => {
      ccflareAccounts(db);
      db.exec("UPDATE accounts SET refresh_token = 'sk-ant-ort01-EEEEEEEEEEEE' WHERE id = 'a-2'");
    });
    expect((await look(deps)).accounts[1]?.skipped).toBe('It is here already, as "elsewhere".');
    const again = await take(deps, ['a-1', 'a-2']);
    expect(again).toMatchObject({ accountsAdded: 0, accountsSkipped: 2, accountIds });
    expect(store.accounts.list()).toHaveLength(2);
  });

  it('knows a key that was added by hand, and tells its requests to it', async () => {
    filled(ccflareAccounts);
    const { deps, accounts } = setUp();
    const { id } = accounts.add({ name: 'mine', apiKey: KEY }, 'dashboard');
    expect(await take(deps, [])).toMatchObject({ accountsAdded: 0, accountIds: { 'a-1': id } });
  });

  it('takes an account again that was removed here', async () => {
    filled(ccflareAccounts);
    const { deps, accounts } = setUp();
    const { accountIds } = await take(deps, ['a-1']);
    accounts.remove({ id: accountIds['a-1']! }, 'dashboard');
    expect(await take(deps, ['a-1'])).toMatchObject({ accountsAdded: 1 });
  });

  it('keeps own addresses, and an end in seconds or none', async () => {
    filled((db) => {
      const endpoint = { custom_endpoint: 'https://gateway.example/x/', api_key: OTHER };
      putAccount(db, { id: '1', name: 'gateway', provider: 'anthropic-compatible', ...endpoint });
      putAccount(db, { id: '2', name: 'fresh', refresh_token: REFRESH });
    }, 'better-ccflare');
    const { deps, accounts } = setUp();
    const { accountIds } = await take(deps, ['1', '2']);
    const rows = store.accounts.list();
    expect(rows.find(({ id }) => id === accountIds['1'])?.baseUrl).toBe('https://gateway.example/x');
    expect(accounts.pool.credentialNow(accountIds['2']!)).toBe(null);
  });

  it('needs consent for logins, and writes nothing without', async () => {
    filled(ccflareAccounts);
    const { deps, words } = setUp();
    await expect(take(deps, ['a-1', 'a-2'], { consent: false })).rejects.toMatchObject({
      code: 'consent_needed',
    });
    expect(store.accounts.list()).toEqual([]);
    expect(words()).toContain('consent_needed');
    expect(await take(deps, ['a-1'], { consent: false })).toMatchObject({ accountsAdded: 1 });
  });

  it('writes nothing while the vault is locked', async () => {
    filled(ccflareAccounts);
    const { deps } = setUp({ locked: true });
    await expect(take(deps, ['a-1'])).rejects.toMatchObject({ code: 'vault_locked' });
    expect(store.accounts.list()).toEqual([]);
  });

  it('attack: names of any length, with marks that change the reading direction, come tidied', async () => {
    filled((db) => {
      putAccount(db, { id: '1', name: `\u202Eevil\u0007${'x'.repeat(500)}`, api_key: KEY });
      putAccount(db, { id: '2', name: '', api_key: OTHER });
      putAccount(db, { id: '3', name: 'long', api_key: 'sk-ant-api03-'.padEnd(3_000_000, 'x') });
    });
    const { deps } = setUp();
    expect((await look(deps)).accounts[2]?.skipped).toContain('cannot be read');
    await take(deps, ['1', '2', '3']);
    const names = store.accounts.list().map(({ name }) => name);
    expect(names).toEqual([`evil ${'x'.repeat(55)}`, 'Imported account']);
  });

  it('takes agent preferences once, and never over a newer choice', async () => {
    filled((db) => {
      put(db, 'agent_preferences', { agent_id: 'reviewer', model: 'opus', updated_at: EXPIRES });
      put(db, 'agent_preferences', { agent_id: 'tester', model: 'haiku', updated_at: EXPIRES / 1000 });
    });
    const { deps } = setUp();
    store.agentPreferences.put([{ agentId: 'tester', model: 'mine', updatedAt: EXPIRES + 1 }]);
    const wanted = { agentPreferences: true };
    expect((await look(deps)).agentPreferences).toBe(2);
    expect(await take(deps, [], wanted)).toMatchObject({ agentPreferences: 1 });
    expect(await take(deps, [], wanted)).toMatchObject({ agentPreferences: 0 });
    const kept = store.agentPreferences.list().map(({ agentId, model }) => [agentId, model]);
    expect(kept).toEqual(
      expect.arrayContaining([
        ['reviewer', 'opus'],
        ['tester', 'mine'],
      ]),
    );
  });
});

describe('settings', () => {
  const old = {
    lb_strategy: 'weighted',
    retry_attempts: '3',
    retry_delay_ms: 1000,
    retry_backoff: 99,
    session_duration_ms: 18_000_000,
    request_retention_days: 365,
    port: 8080,
    default_agent_model: 'x',
    novelty: { a: 1 },
  };
  beforeEach(() => {
    filled(() => {});
    configFile = join(folder, 'ccflare.json');
    writeFileSync(configFile, `\uFEFF${JSON.stringify(old)}`);
  });

  it('carry over where they fit and differ', async () => {
    const { deps, settings, patches } = setUp({ env: { RETRY_DELAY_MS: '5' } });
    const looked = await look(deps);
    expect(looked.settings.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'retryAttempts=3',
      'requestRetentionDays=365',
      'port=8080',
    ]);
    expect(looked.skipped.map(({ what }) => what)).toEqual([
      'Setting lb_strategy',
      'Setting retry_delay_ms',
      'Setting retry_backoff',
      'Setting default_agent_model',
    ]);
    expect(await take(deps, [], { settings: true })).toMatchObject({ settingsTaken: 3 });
    expect(settings.current()).toMatchObject({ retryAttempts: 3, requestRetentionDays: 365, port: 8080 });
    expect(patches).toHaveLength(2);
  });

  it('keep the present port while the old program listens on its own', async () => {
    const { deps, settings, words } = setUp({ busyPort: true });
    expect(await take(deps, [], { settings: true })).toMatchObject({ settingsTaken: 3 });
    expect(settings.current()).toMatchObject({ retryAttempts: 3, port: 8459 });
    expect(words()).toContain('import_port_kept');
  });

  it('do not end the import where the present port cannot be had either', async () => {
    const { deps, settings } = setUp();
    const patchSettings: ImportDeps['patchSettings'] = async (patch, actor) => {
      await deps.patchSettings(patch, actor);
      if (patch.port !== undefined) throw new AppError('port_in_use', 'Taken.');
    };
    expect(await take({ ...deps, patchSettings }, [], { settings: true })).toMatchObject({
      settingsTaken: 3,
    });
    expect(settings.current()).toMatchObject({ retryAttempts: 3, port: 8459 });
  });

  it('know what balancing is called here', async () => {
    writeFileSync(configFile ?? '', JSON.stringify({ lb_strategy: 'session-drain-soonest' }));
    expect((await look(setUp().deps)).settings).toEqual([
      { key: 'strategy', value: 'drain-soonest', note: null },
    ]);
  });

  it.each(['', '[1]', '{"port":', 'null'])('are left alone when the file says %j', async (text) => {
    writeFileSync(configFile ?? '', text);
    expect(await look(setUp().deps)).toMatchObject({ settings: [], skipped: [] });
  });
});
