import { beforeEach, expect, test } from 'vitest';
import { accountNameSchema } from '../../../shared/account.ts';
import type { Identity } from '../../../shared/sign-in.ts';
import { createAccountsBench } from './testing.ts';

const ME: Identity = {
  accountId: 'person-1',
  email: 'me@example.org',
  organizationId: '11111111-1111-4111-8111-111111111111',
  organizationName: 'Home',
  plan: 'Max 5x',
};
const WORK: Identity = {
  ...ME,
  organizationId: '22222222-2222-4222-8222-222222222222',
  organizationName: 'Work',
  plan: 'Team',
};
const UNKNOWN: Identity = {
  accountId: null,
  email: null,
  organizationId: null,
  organizationName: null,
  plan: null,
};
const KEY = 'sk-ant-api03-created-by-the-sign-in-0123456789';
const BASE = 'https://api.anthropic.com';

let bench: ReturnType<typeof createAccountsBench>;

beforeEach(() => {
  bench = createAccountsBench({ refresh: () => Promise.reject(new Error('not expected')) });
});

const signIn = () => bench.accounts.signIn;
const pool = () => bench.accounts.pool;
const tokens = (of: string) => ({
  accessToken: `sk-ant-oat01-access-of-${of}-0123456789`,
  refreshToken: `sk-ant-ort01-refresh-of-${of}-0123456789`,
  expiresAt: bench.clock.now() + 3_600_000,
});
const addLogin = (name: string, identity: Identity, priority?: number) =>
  signIn().addLogin({ name, priority, baseUrl: BASE, tokens: tokens(name), identity }, 'dashboard').id;
const coded = (code: string) => expect.objectContaining({ code });
const record = () => bench.audits.map(({ action, subject, outcome }) => `${action} ${subject} ${outcome}`);

test('a login becomes an account that says whose it is, with consent on record once', () => {
  const id = addLogin('me', ME, 7);
  expect(bench.accounts.detail(id)).toMatchObject({
    email: 'me@example.org',
    organizationName: 'Home',
    organizationId: ME.organizationId,
    plan: 'Max 5x',
    headerStyle: 'x-api-key',
    modelMap: {},
    token: { renewable: true },
  });
  expect(pool().get(id)?.priority).toBe(7);
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${tokens('me').accessToken}`);
  expect(bench.rows.get(id)?.consentAt).toBe(bench.clock.now());
  expect(record()).toEqual(['account.add me ok', 'account.consent me ok']);
  signIn().replaceLogin(id, { tokens: tokens('again'), identity: ME }, 'dashboard');
  expect(record().slice(2)).toEqual(['account.replace_login me ok']);
  expect(bench.words()).not.toMatch(/sk-ant-o/);
});

test('the same person and organisation a second time is refused, on record, and nothing is written', () => {
  const id = addLogin('me', ME);
  expect(signIn().withIdentity('oauth', ME)).toEqual({ id, name: 'me' });
  expect(() => addLogin('me too', { ...ME, email: 'renamed@example.org' })).toThrow(
    coded('duplicate_account'),
  );
  expect(bench.rows.size).toBe(1);
  expect(bench.audits.at(-1)).toMatchObject({ outcome: 'refused', detail: 'duplicate_account' });
  const again = { ...tokens('me'), name: 'from a file', identity: ME, consent: false };
  expect(() => bench.accounts.addOauth(again, 'provision')).toThrow(coded('duplicate_account'));
});

test('two organisations on one e-mail are two accounts, and so are a login and a key of one organisation', () => {
  addLogin('home', ME);
  addLogin('work', WORK);
  const given = { name: 'key', baseUrl: BASE, apiKey: KEY, identity: ME };
  const { id } = signIn().addCreatedKey(given, 'dashboard');
  expect(pool().all()).toHaveLength(3);
  expect(bench.rows.get(id)).toMatchObject({ kind: 'api-key', consentAt: null, email: 'me@example.org' });
  expect(() => signIn().addCreatedKey({ ...given, name: 'key 2' }, 'dashboard')).toThrow(
    coded('duplicate_account'),
  );
});

test('identities that say too little are nobody, not each other', () => {
  addLogin('one', UNKNOWN);
  addLogin('two', UNKNOWN);
  addLogin('three', { ...ME, organizationId: null });
  addLogin('four', { ...ME, organizationId: null });
  expect(signIn().withIdentity('oauth', { ...ME, organizationId: null })).toBeNull();
});

test('signing in again keeps name, place and history, and tells the neighbours', () => {
  const id = addLogin('me', ME, 3);
  pool().touched(id, 42);
  signIn().replaceLogin(id, { tokens: tokens('fresh'), identity: { ...ME, plan: 'Max 20x' } }, 'tray');
  expect(pool().get(id)).toMatchObject({ name: 'me', priority: 3 });
  expect(bench.accounts.detail(id)).toMatchObject({ lastUsedAt: 42, plan: 'Max 20x' });
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${tokens('fresh').accessToken}`);
  expect(bench.replaced).toEqual([id]);
});

test('a login made anew is renewed where it was made, not at the place of the one before', () => {
  const id = addLogin('me', ME);
  bench.accounts.setTokenUrl({ id, tokenUrl: 'https://gone.example.org/token' }, 'provision');
  signIn().replaceLogin(id, { tokens: tokens('fresh'), identity: ME }, 'dashboard');
  expect(bench.rows.get(id)?.tokenUrl).toBeNull();
});

test('attack: the login of somebody else does not take the place of an account', () => {
  const id = addLogin('me', ME);
  const stranger = { ...ME, accountId: 'person-2' };
  for (const identity of [WORK, stranger]) {
    expect(() => signIn().replaceLogin(id, { tokens: tokens('x'), identity }, 'dashboard')).toThrow(
      coded('other_account'),
    );
  }
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${tokens('me').accessToken}`);
  expect(bench.audits.at(-1)).toMatchObject({ action: 'account.replace_login', outcome: 'refused' });
  expect(bench.replaced).toEqual([]);
});

test('an account of unknown owner becomes the login that is put in its place, unless that is another account', () => {
  const file = { ...tokens('file'), name: 'from a file', consent: false };
  const { id } = bench.accounts.addOauth(file, 'provision');
  expect(bench.rows.get(id)?.consentAt).toBeNull();
  addLogin('work', WORK);
  expect(() => signIn().replaceLogin(id, { tokens: tokens('x'), identity: WORK }, 'dashboard')).toThrow(
    coded('duplicate_account'),
  );
  signIn().replaceLogin(id, { tokens: tokens('mine'), identity: ME }, 'dashboard');
  expect(signIn().existing(id)).toEqual({ name: 'from a file', kind: 'oauth', identity: ME });
  expect(record()).toContain('account.consent from a file ok');
  signIn().replaceLogin(id, { tokens: tokens('silent'), identity: UNKNOWN }, 'dashboard');
  expect(signIn().existing(id).identity).toEqual(ME);
});

test('a key does not take the place of a login, nor a login that of a key', () => {
  const login = addLogin('me', ME);
  const { id: key } = bench.accounts.add({ name: 'key', apiKey: KEY }, 'dashboard');
  const replaceKey = () => signIn().replaceCreatedKey(login, { apiKey: KEY, identity: ME }, 'dashboard');
  expect(replaceKey).toThrow(coded('conflict'));
  expect(() => signIn().replaceLogin(key, { tokens: tokens('x'), identity: ME }, 'dashboard')).toThrow(
    coded('conflict'),
  );
  signIn().replaceCreatedKey(key, { apiKey: `${KEY}2`, identity: ME }, 'dashboard');
  expect(pool().credentialNow(key)?.value).toBe(`${KEY}2`);
  expect(signIn().existing(key).identity).toEqual(ME);
  expect(() => signIn().existing('nobody')).toThrow(coded('not_found'));
});

test('a free name is one that the schema takes and nobody has', () => {
  addLogin('me@example.org', UNKNOWN);
  addLogin('ME@example.org 2', UNKNOWN);
  expect(signIn().freeName('me@example.org')).toBe('me@example.org 3');
  const names = ['\u200b\n', 'a\u0000b', `${'x'.repeat(59)}\u{1f600}`, '  padded  ', 'y'.repeat(200)];
  expect(names.map((name) => signIn().freeName(name))).toEqual([
    'Account',
    'ab',
    'x'.repeat(59),
    'padded',
    'y'.repeat(60),
  ]);
  const long = 'z'.repeat(60);
  addLogin(long, UNKNOWN);
  const second = signIn().freeName(long);
  expect(accountNameSchema.parse(second)).toBe(second);
  expect(second).toBe(`${'z'.repeat(58)} 2`);
});

test('accounts of one organisation share their limits: keys all, logins per person', () => {
  const keys = ['one', 'two', 'three'].map(
    (name) => bench.accounts.add({ name, apiKey: `${KEY}-${name}` }, 'dashboard').id,
  );
  const [one = '', two = '', three = ''] = keys;
  expect(keys.map((id) => pool().sharing(id))).toEqual([[one], [two], [three]]);
  const mine = addLogin('me', ME);
  const colleague = addLogin('colleague', { ...ME, accountId: 'person-2' });
  for (const id of [one, three]) pool().sawOrganization(id, String(ME.organizationId));
  const group = pool().sharing(three);
  expect([...group].sort()).toEqual([one, three].sort());
  expect(pool().sharing(one)).toBe(group);
  expect(pool().sharing(one)).toBe(pool().sharing(one));
  expect([two, mine, colleague].map((id) => pool().sharing(id))).toEqual([[two], [mine], [colleague]]);
  bench.accounts.remove({ id: one }, 'dashboard');
  expect(pool().sharing(three)).toEqual([three]);
  expect(pool().sharing('nobody')).toEqual(['nobody']);
});

test('a credential that turns out to be of another organisation is nobody that the profile spoke of', () => {
  const id = addLogin('me', ME);
  pool().sawOrganization(id, String(ME.organizationId).toUpperCase());
  pool().sawOrganization(id, 'not in the form of the profile');
  expect(bench.accounts.detail(id)).toMatchObject({ email: 'me@example.org', plan: 'Max 5x' });
  pool().sawOrganization(id, String(WORK.organizationId));
  const known = { organizationId: WORK.organizationId, email: null, organizationName: null, plan: null };
  expect(bench.accounts.detail(id)).toMatchObject(known);
  bench.accounts.flush();
  expect(bench.rows.get(id)).toMatchObject({ ...known, providerAccountId: null });
  pool().touched(id, 43);
  pool().sawOrganization(id, '33333333-3333-4333-8333-333333333333');
  signIn().replaceLogin(id, { tokens: tokens('back'), identity: WORK }, 'dashboard');
  bench.accounts.flush();
  expect(bench.rows.get(id)).toMatchObject({ organizationName: 'Work', plan: 'Team', lastUsedAt: 43 });
});
