import { describe, expect, it } from 'vitest';
import { CALL_NAMES } from '../../shared/ipc/channels.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import { answerCall, type Handlers, isTrusted } from './answer-call.ts';

const ours = (url: string): boolean => url.startsWith('app://dashboard/');

function setUp(overrides: Partial<Handlers>) {
  const called: string[] = [];
  const logged: string[] = [];
  const handlers = Object.fromEntries(
    CALL_NAMES.map((name) => [name, () => called.push(name) && null]),
  ) as unknown as Handlers;
  const note = (event: string, fields?: object): void =>
    void logged.push(`${event} ${JSON.stringify(fields)}`);
  const log = { debug: note, info: note, warn: note, error: note };
  return {
    called,
    logged,
    call: (name: (typeof CALL_NAMES)[number], argument: unknown) =>
      answerCall(name, argument, { ...handlers, ...overrides }, log),
  };
}

describe('IPC senders', () => {
  const own = { contentsId: 1, mainFrame: true, url: 'app://dashboard/index.html' };
  it('our own page is trusted', () => expect(isTrusted(own, 1, ours)).toBe(true));
  it.each([
    ['another window', { ...own, contentsId: 2 }],
    ['a frame inside the page', { ...own, mainFrame: false }],
    ['a page from elsewhere in our window', { ...own, url: 'https://evil.example/' }],
    ['a look-alike address', { ...own, url: 'app://dashboard.evil.example/' }],
  ])('attack: %s is not', (_, sender) => expect(isTrusted(sender, 1, ours)).toBe(false));
  it('attack: nobody is while there is no window', () => expect(isTrusted(own, null, ours)).toBe(false));
});

describe('IPC calls', () => {
  it('answers in an envelope', async () => {
    const { call, called } = setUp({});
    expect(await call('accounts.setPaused', { id: 'a', paused: true })).toEqual({ ok: true, value: null });
    expect(called).toEqual(['accounts.setPaused']);
  });

  it.each([
    ['accounts.setPaused', { id: 'a', paused: 'yes' }],
    ['accounts.setPaused', { id: 'a', paused: true, extra: 1 }],
    ['settings.patch', { port: -1 }],
    ['requests.list', null],
    ['accounts.add', { name: 'x'.repeat(200_000), apiKey: 'sk-ant-12345678' }],
  ] as const)('attack: %s with %j reaches no handler', async (name, argument) => {
    const { call, called } = setUp({});
    expect(await call(name, argument)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(called).toEqual([]);
  });

  it('attack: a refused key is neither in the answer nor in the log', async () => {
    const { call, logged } = setUp({});
    const secret = 'sk-ant-secret with spaces';
    const answer = await call('accounts.add', { name: 'a', apiKey: secret });
    expect(JSON.stringify(answer) + logged.join()).not.toContain('sk-ant-secret');
  });

  it('takes the longest choice of accounts to import', async () => {
    const { call, called } = setUp({});
    const accounts = Array.from({ length: 500 }, (_, index) => String(index).padStart(200, 'x'));
    const choice = { settings: true, requests: true, agentPreferences: true, consent: true };
    expect(await call('import.run', { sourceId: 's', accounts, ...choice })).toMatchObject({ ok: true });
    expect(called).toEqual(['import.run']);
  });

  it('passes coded errors on and hides all others', async () => {
    const coded = setUp({
      'accounts.remove': () => {
        throw new ThreadCallError({ code: 'not_found', message: 'gone' });
      },
    });
    expect(await coded.call('accounts.remove', { id: 'a' })).toEqual({
      ok: false,
      error: { code: 'not_found', message: 'gone' },
    });
    const other = setUp({ 'accounts.remove': () => Promise.reject(new Error('/home/me/secret')) });
    expect(JSON.stringify(await other.call('accounts.remove', { id: 'a' }))).not.toContain('/home/me');
  });

  it('refuses to pass on an answer that does not fit the contract', async () => {
    const { call } = setUp({ 'accounts.add': (() => ({ id: 5 })) as never });
    expect(await call('accounts.add', { name: 'a', apiKey: 'sk-ant-12345678' })).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
  });
});
