import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EngineStore, OauthSessionRow } from '../core/store-ports.ts';
import { openEngineStore } from './engine-store.ts';
import { sealedText } from './testing/sample-account.ts';

const VERIFIER = 'CIPHER-VERIFIER-';

let folder = '';
let store: EngineStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oauth-sessions-'));
  store = openEngineStore(folder);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const session = (id: string, change: Partial<OauthSessionRow> = {}): OauthSessionRow => ({
  id,
  mode: 'subscription',
  state: `state-of-${id}`,
  verifier: sealedText(VERIFIER.repeat(20)),
  redirectUri: 'https://platform.example/oauth/code/callback',
  accountId: null,
  createdAt: 1,
  expiresAt: 600_001,
  ...change,
});

function found(): boolean {
  const bytes = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  return bytes.includes(VERIFIER);
}

it('a session outlives the process and is answered once', () => {
  const console = session('b', { mode: 'console', accountId: 'account-1' });
  store.oauthSessions.insert(session('a'));
  store.oauthSessions.insert(console);
  store.close();
  store = openEngineStore(folder);
  expect(store.oauthSessions.take('b')).toEqual(console);
  expect(store.oauthSessions.take('b')).toBeNull();
  expect(store.oauthSessions.take('a')).toEqual(session('a'));
});

it('attack: two windows that redeem the same session get it once', () => {
  store.oauthSessions.insert(session('a'));
  const other = openEngineStore(folder);
  const answers = [other.oauthSessions.take('a'), store.oauthSessions.take('a')];
  other.close();
  expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
});

it('attack: an id made of SQL finds nothing and deletes nothing', () => {
  store.oauthSessions.insert(session('a'));
  expect(store.oauthSessions.take(`a' OR '1'='1`)).toBeNull();
  expect(store.oauthSessions.take('a')).not.toBeNull();
});

it('sessions that have ended are removed, those of the last run by the start', () => {
  store.oauthSessions.insert(session('old', { expiresAt: 99 }));
  store.oauthSessions.insert(session('new', { expiresAt: 100 }));
  store.oauthSessions.removeExpired(100);
  expect(store.oauthSessions.take('old')).toBeNull();
  store.oauthSessions.insert(session('other'));
  store.oauthSessions.removeExpired(Number.POSITIVE_INFINITY);
  expect([store.oauthSessions.take('new'), store.oauthSessions.take('other')]).toEqual([null, null]);
});

it('attack: searching the closed files finds no verifier of a session that was used or ended', () => {
  store.oauthSessions.insert(session('used'));
  store.oauthSessions.insert(session('ended', { expiresAt: 2 }));
  expect(found()).toBe(true);
  store.oauthSessions.take('used');
  store.oauthSessions.removeExpired(3);
  store.close();
  expect(found()).toBe(false);
  store = openEngineStore(folder);
});

it('a row that is not ours is refused and does not stay', () => {
  store.oauthSessions.insert(session('a'));
  const db = new Database(join(folder, 'ccflare.db'));
  db.exec('PRAGMA ignore_check_constraints = ON');
  db.exec("UPDATE oauth_sessions SET mode = 'other'");
  db.close();
  expect(() => store.oauthSessions.take('a')).toThrow(expect.objectContaining({ code: 'database_damaged' }));
  expect(store.oauthSessions.take('a')).toBeNull();
});
