import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Notice, noticesBetween } from './notices.ts';
import { createNoticeMemory } from './notices-memory.ts';
import { sampleAccount, samplePool, sampleState } from './testing/sample-state.ts';

const able = sampleState({ accounts: [sampleAccount()], pool: samplePool() });
const unable = sampleState({
  accounts: [sampleAccount({ state: 'spent' })],
  pool: samplePool({ phase: 'cooling', canServe: 0, backAt: 3_600_000, summary: 'No account can serve.' }),
});
const keys = (...states: Parameters<typeof noticesBetween>) =>
  noticesBetween(...states).map(({ key }) => key);

describe('notices', () => {
  it('none at the start', () => expect(keys(null, unable, 0)).toEqual([]));
  it('none while nothing changes', () => expect(keys(unable, unable, 0)).toEqual([]));
  it('when the last account is used up, with the time of the next', () => {
    const [notice] = noticesBetween(able, unable, 0);
    expect(notice).toMatchObject({ key: 'pool-out', page: 'overview' });
    expect(notice?.body).toContain('Back at');
  });
  it('when one is back', () => expect(keys(unable, able, 0)).toEqual(['pool-back']));
  it('when an account needs its user, once', () => {
    const asked = { ...able, accounts: [sampleAccount({ state: 'sign-in-needed' })] };
    expect(keys(able, asked, 0)).toEqual(['sign-in:a1']);
    expect(keys(asked, asked, 0)).toEqual([]);
  });
  it('offers to sign in again where there is a login, not for a key', () => {
    const offers = (kind: 'oauth' | 'api-key') => {
      const before = sampleState({ accounts: [sampleAccount({ kind })] });
      const after = sampleState({ accounts: [sampleAccount({ kind, state: 'sign-in-needed' })] });
      return noticesBetween(before, after, 0);
    };
    expect(offers('oauth')).toMatchObject([{ page: 'accounts', accountId: 'a1', signIn: true }]);
    expect(offers('api-key')).toMatchObject([{ page: 'accounts', accountId: 'a1', signIn: false }]);
  });
  it('when the proxy could not be started again', () => {
    const engine = { phase: 'failed', restarts: 6, lastError: null } as const;
    expect(keys(able, { ...able, threads: { ...able.threads, engine } }, 0)).toEqual(['engine-failed']);
  });
  it('when requests begin to wait, with the time of the return', () => {
    const waiting = { ...unable, pool: { ...unable.pool, held: 2 } };
    const [notice] = noticesBetween(unable, waiting, 0);
    expect(notice).toMatchObject({ key: 'held', page: 'overview', quietUntil: 3_600_000 });
    expect(notice?.body).toMatch(/^2 requests wait for an account to come back\. Back at .+ \(in 1 h\)\.$/);
    expect(keys(waiting, { ...waiting, pool: { ...waiting.pool, held: 5 } }, 0)).toEqual([]);
  });
  it('when a week is about to end unused, and not days before', () => {
    const ending = (resetAt: number) => {
      const expiring = { accountId: 'a1', bucket: '7d', unusedShare: 0.62, resetAt };
      return { ...able, pool: samplePool({ forecast: { ...able.pool.forecast, expiring } }) };
    };
    const soon = ending(20 * 3_600_000);
    expect(noticesBetween(able, soon, 0)).toMatchObject([
      { key: 'expiring:a1', accountId: 'a1', page: 'accounts', title: 'The week of work ends unused' },
    ]);
    expect(keys(able, ending(30 * 3_600_000), 0)).toEqual([]);
    expect(keys(able, { ...soon, accounts: [] }, 0)).toEqual([]);
  });
});

describe('what was said', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'notices-'));
  const file = path.join(folder, 'notices.json');
  beforeEach(() => rmSync(file, { force: true, recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  const notice = (key: string, quietUntil?: number): Notice => ({
    ...{ key, title: key, body: '', page: 'overview' as const },
    ...(quietUntil === undefined ? {} : { quietUntil }),
  });
  const said = (notices: Notice[]) => notices.map(({ key }) => key);

  it('is not said twice in a row', () => {
    const unsaid = createNoticeMemory(file);
    expect(said(unsaid([notice('out')], 0))).toEqual(['out']);
    expect(said(unsaid([notice('out')], 1))).toEqual([]);
    expect(said(unsaid([notice('back'), notice('out')], 2))).toEqual(['back', 'out']);
  });

  it('rests until its time, whatever else is said, and may come again afterwards', () => {
    const unsaid = createNoticeMemory(file);
    expect(said(unsaid([notice('expiring:a1', 100)], 0))).toEqual(['expiring:a1']);
    expect(said(unsaid([notice('out'), notice('expiring:a1', 101)], 50))).toEqual(['out']);
    expect(said(unsaid([notice('expiring:a2', 100)], 60))).toEqual(['expiring:a2']);
    expect(said(unsaid([notice('expiring:a1', 700)], 100))).toEqual(['expiring:a1']);
  });

  it('rests until its time also when the app starts anew meanwhile', () => {
    createNoticeMemory(file)([notice('expiring:a1', 100), notice('held', 20), notice('out')], 0);
    createNoticeMemory(file)([notice('expiring:a2', 200)], 50);
    const again = createNoticeMemory(file);
    expect(said(again([notice('expiring:a1', 101), notice('out'), notice('held', 90)], 60))).toEqual([
      'out',
      'held',
    ]);
    expect(said(createNoticeMemory(file)([notice('expiring:a1', 700)], 100))).toEqual(['expiring:a1']);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['expiring:a2', 'expiring:a1']);
  });

  it.each([
    ['no JSON', '{'],
    ['another shape', '{"expiring:a1":"soon"}'],
    ['a list', '[1]'],
    [
      'more than anybody says',
      JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [n, 9e15]))),
    ],
  ])('is forgotten when its file holds %s', (_, text) => {
    writeFileSync(file, text);
    expect(said(createNoticeMemory(file)([notice('expiring:a1', 100)], 0))).toEqual(['expiring:a1']);
  });

  it('is remembered until the end of the run where nothing can be written', () => {
    const unsaid = createNoticeMemory(path.join(folder, 'none', 'notices.json'));
    expect(said(unsaid([notice('expiring:a1', 100)], 0))).toEqual(['expiring:a1']);
    expect(said(unsaid([notice('expiring:a1', 100)], 1))).toEqual([]);
  });
});
