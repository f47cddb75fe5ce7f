import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LimitReading } from '../../shared/account.ts';
import type { CooldownRow, EngineStore } from '../core/store-ports.ts';
import { openEngineStore } from './engine-store.ts';
import { sampleAccount, sealedText } from './testing/sample-account.ts';

let folder = '';
let store: EngineStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-store-'));
  store = openEngineStore(folder);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function reopen(): void {
  store.close();
  store = openEngineStore(folder);
}

/** Every byte of every file in the data folder. */
function bytesOnDisk(): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

const reading = (bucket: string): LimitReading => ({
  bucket,
  label: 'week',
  utilisation: 0.5,
  limit: null,
  remaining: null,
  status: 'allowed',
  resetAt: 10,
  observedAt: 5,
  source: 'header',
});

const cooldown = (change: Partial<CooldownRow> = {}): CooldownRow => ({
  accountId: 'account-1',
  bucket: '*',
  reasonCode: 'quota_rejected',
  reason: 'used up',
  startedAt: 1,
  until: 2,
  evidence: ['429', 'retry-after: 1'],
  attention: false,
  guessed: false,
  ...change,
});

describe('accounts', () => {
  it('come back as they were stored, sorted for routing', () => {
    const second = sampleAccount({
      id: 'account-2',
      name: 'Home',
      kind: 'api-key',
      apiKey: sealedText('key'),
      provisionedMark: Buffer.from('mark'),
      priority: 1,
      paused: true,
      credentialHint: 'abcd',
      headerStyle: 'bearer',
      modelMap: { 'claude-opus-5-5': 'vendor/opus', 'odd "name"': 'é' },
      organizationId: 'org',
      providerAccountId: 'person',
      email: 'me@example.org',
      organizationName: 'Example',
      plan: 'Max 5x',
      consentAt: 8,
    });
    store.accounts.insert(sampleAccount());
    store.accounts.insert(second);
    reopen();
    expect(store.accounts.list()).toEqual([second, sampleAccount()]);
  });

  it('change only in the fields that are given', () => {
    store.accounts.insert(sampleAccount());
    store.accounts.update('account-1', { paused: true, accessToken: null, lastUsedAt: 9 });
    store.accounts.update('account-1', { headerStyle: 'bearer', modelMap: { a: 'b' }, consentAt: 7 });
    store.accounts.update('account-1', {});
    const changed = { headerStyle: 'bearer', modelMap: { a: 'b' }, consentAt: 7 } as const;
    expect(store.accounts.list()).toEqual([
      sampleAccount({ ...changed, paused: true, accessToken: null, lastUsedAt: 9 }),
    ]);
  });

  it('do not share a name, whatever its case', () => {
    store.accounts.insert(sampleAccount());
    expect(() => store.accounts.insert(sampleAccount({ id: 'account-2', name: 'WORK' }))).toThrow();
  });

  it('rotate their tokens for one of two who try with the same old one', () => {
    store.accounts.insert(
      sampleAccount({ credentialState: 'sign-in-needed', credentialWords: 'x', lastRefreshError: 'y' }),
    );
    const other = openEngineStore(folder);
    const used = sealedText('refresh-0');
    const next = (n: number) => ({
      accessToken: sealedText(`access-${n}`),
      refreshToken: sealedText(`refresh-${n}`),
      expiresAt: n,
      lastRefreshAt: n,
    });
    expect(store.accounts.rotateTokens('account-1', used, next(1))).toBe(true);
    expect(other.accounts.rotateTokens('account-1', used, next(2))).toBe(false);
    expect(other.accounts.rotateTokens('account-1', sealedText('refresh-1', 'key-2'), next(3))).toBe(false);
    other.close();
    expect(store.accounts.list()[0]).toEqual(sampleAccount({ ...next(1) }));
  });

  it('leave nothing of themselves and their secrets in any file when they are removed', () => {
    store.accounts.insert(sampleAccount({ refreshToken: sealedText('SECRET-CIPHERTEXT-'.repeat(9)) }));
    store.limits.putCooldown(cooldown());
    store.bindings.put([
      { sessionId: 'session', model: 'opus', accountId: 'account-1', boundAt: 1, lastUsedAt: 2 },
    ]);
    store.resources.put('file_1', 'account-1', 3);
    expect(bytesOnDisk()).toContain('SECRET-CIPHERTEXT-');
    store.accounts.remove('account-1');
    expect(bytesOnDisk()).not.toContain('SECRET-CIPHERTEXT-');
    expect(store.accounts.list()).toEqual([]);
    expect(store.limits.cooldowns()).toEqual([]);
    expect(store.bindings.list(0)).toEqual([]);
    expect(store.resources.accountOf('file_1')).toBeNull();
  });

  it.each(["kind = 'other'", "header_style = 'cookie'", "model_map = '{'", `model_map = '{"a":7}'`])(
    'refuse a row that is not theirs instead of guessing (%s)',
    (change) => {
      store.accounts.insert(sampleAccount());
      const db = new Database(join(folder, 'ccflare.db'));
      db.exec('PRAGMA ignore_check_constraints = ON');
      db.exec(`UPDATE accounts SET ${change}`);
      db.close();
      expect(() => store.accounts.list()).toThrow(expect.objectContaining({ code: 'database_damaged' }));
    },
  );
});

describe('client keys', () => {
  const key = {
    id: 'k',
    name: 'laptop',
    hash: Buffer.alloc(32, 7),
    hint: 'abcd',
    sealedKey: sealedText('sealed'),
    createdAt: 1,
    lastUsedAt: null,
    revokedAt: null,
    exhaustion: null,
    purpose: null,
  };

  it('come back as they were stored and change in the fields that are given', () => {
    store.clientKeys.insert(key);
    store.clientKeys.update('k', { revokedAt: 4, sealedKey: null });
    store.clientKeys.update('nobody', { revokedAt: 4 });
    reopen();
    expect(store.clientKeys.list()).toEqual([{ ...key, revokedAt: 4, sealedKey: null }]);
  });

  it('refuse a hash of another length', () => {
    expect(() => store.clientKeys.insert({ ...key, hash: Buffer.alloc(5) })).toThrow();
  });
});

describe('settings', () => {
  it('are one row per key', () => {
    store.settings.put(
      new Map([
        ['port', '1'],
        ['theme', '"dark"'],
      ]),
    );
    store.settings.put(new Map([['port', '2']]));
    reopen();
    expect(store.settings.list()).toEqual(
      new Map([
        ['port', '2'],
        ['theme', '"dark"'],
      ]),
    );
  });
});

describe('limits', () => {
  it('keep cooldowns and readings per account and bucket', () => {
    store.accounts.insert(sampleAccount());
    store.limits.putCooldown(cooldown());
    store.limits.putCooldown(cooldown({ until: null, attention: true, guessed: true }));
    store.limits.putCooldown(cooldown({ bucket: '7d_opus' }));
    store.limits.putReadings('account-1', [reading('5h'), reading('7d')]);
    store.limits.removeCooldown('account-1', '7d_opus');
    reopen();
    expect(store.limits.cooldowns()).toEqual([cooldown({ until: null, attention: true, guessed: true })]);
    expect(store.limits.readings()).toEqual([
      { accountId: 'account-1', reading: reading('5h') },
      { accountId: 'account-1', reading: reading('7d') },
    ]);
    store.limits.removeAccount('account-1');
    expect([...store.limits.cooldowns(), ...store.limits.readings()]).toEqual([]);
  });

  it('leave out readings that another version wrote in its own way', () => {
    store.accounts.insert(sampleAccount());
    store.limits.putReadings('account-1', [reading('5h'), reading('7d')]);
    const db = new Database(join(folder, 'ccflare.db'));
    db.exec(`UPDATE limit_readings SET reading = '{"bucket":"7d"}' WHERE bucket = '7d'`);
    db.close();
    expect(store.limits.readings()).toEqual([{ accountId: 'account-1', reading: reading('5h') }]);
  });

  it('take no notice of answers that arrive after their account was removed', () => {
    store.limits.putCooldown(cooldown());
    store.limits.putReadings('account-1', [reading('5h')]);
    store.bindings.put([{ sessionId: 's', model: 'm', accountId: 'account-1', boundAt: 1, lastUsedAt: 1 }]);
    store.resources.put('file_1', 'account-1', 1);
    expect([...store.limits.cooldowns(), ...store.limits.readings(), ...store.bindings.list(0)]).toEqual([]);
  });
});

describe('bindings and resources', () => {
  const binding = (n: number) => ({
    sessionId: `session-${n}`,
    model: 'opus',
    accountId: 'account-1',
    boundAt: n,
    lastUsedAt: n,
  });

  it('keep the newest and forget by age', () => {
    store.accounts.insert(sampleAccount());
    store.bindings.put([1, 2, 3, 4, 5].map(binding));
    store.bindings.prune(2, 3);
    expect(store.bindings.list(0)).toEqual([3, 4, 5].map(binding));
    expect(store.bindings.list(5)).toEqual([binding(5)]);
    store.bindings.put([{ ...binding(5), accountId: 'account-1', lastUsedAt: 9 }]);
    expect(store.bindings.list(6)).toEqual([{ ...binding(5), lastUsedAt: 9 }]);
    store.bindings.removeAccount('account-1');
    expect(store.bindings.list(0)).toEqual([]);
  });

  it('know the account of the newest resources', () => {
    store.accounts.insert(sampleAccount());
    for (let n = 0; n < 5; n += 1) store.resources.put(`file_${n}`, 'account-1', n);
    store.resources.prune(2);
    expect([2, 3, 4].map((n) => store.resources.accountOf(`file_${n}`))).toEqual([
      null,
      'account-1',
      'account-1',
    ]);
  });
});

describe('audit', () => {
  const entry = (at: number) => ({
    at,
    actor: 'tray' as const,
    action: 'account.pause',
    subject: 'Work',
    outcome: 'ok' as const,
    detail: null,
  });

  it('pages from the newest and never uses a number twice', () => {
    for (let at = 1; at <= 5; at += 1) store.audit.append(entry(at));
    const page = store.audit.list(null, 2);
    expect(page.map((row) => row.at)).toEqual([5, 4]);
    expect(store.audit.list(page[1]!.id, 9).map((row) => row.at)).toEqual([3, 2, 1]);
    store.audit.prune(6);
    store.audit.append(entry(7));
    expect(store.audit.list(null, 9)).toEqual([{ id: 6, ...entry(7) }]);
  });
});

describe('agent preferences', () => {
  it('are one row per agent, and taking them over again changes nothing newer', () => {
    const row = (agentId: string, model: string, updatedAt: number) => ({ agentId, model, updatedAt });
    store.agentPreferences.put([row('reviewer', 'opus', 5), row('planner', 'haiku', 6)]);
    store.agentPreferences.put([row('reviewer', 'sonnet', 9), row('planner', 'older', 1)]);
    reopen();
    expect(store.agentPreferences.list()).toEqual([row('planner', 'haiku', 6), row('reviewer', 'sonnet', 9)]);
  });
});

describe('a transaction', () => {
  it('is all or nothing', () => {
    expect(() =>
      store.transaction(() => {
        store.accounts.insert(sampleAccount());
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.accounts.list()).toEqual([]);
    expect(store.transaction(() => store.audit.list(null, 1))).toEqual([]);
  });
});
