import { describe, expect, it } from 'vitest';
import { sampleAccount, sampleState } from '../platform/testing/sample-state.ts';
import { createTrayCommands } from './tray-commands.ts';

const login = sampleAccount({
  kind: 'oauth',
  state: 'sign-in-needed',
  email: 'me@example.com',
  consented: true,
});

function setUp(account = login, refuse = false) {
  const done: unknown[] = [];
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void done.push([what, ...args]);
  const command = createTrayCommands({
    engine: () => ({ call: (...args: unknown[]) => Promise.resolve(note('engine')(...args)) }) as never,
    state: () => sampleState({ accounts: [account] }),
    show: note('show'),
    signIn: {
      start: (...args) => {
        note('sign-in')(...args);
        return refuse ? Promise.reject(new Error('no')) : Promise.resolve({ id: 's' });
      },
    },
    copyText: note('copy'),
    quit: note('quit'),
    log: { debug: note('log'), info: note('log'), warn: note('log'), error: note('log') },
  });
  return { done, command };
}

const again = { mode: 'subscription', way: 'window', accountId: 'a1' };

describe('tray commands', () => {
  it('sign a login in again in the window', () => {
    const { done, command } = setUp();
    command('sign-in:a1');
    expect(done).toEqual([['sign-in', { ...again, consent: true }, 'tray']]);
  });

  it('claim no consent that nobody has given, as for a provisioned login, and show where to give it', async () => {
    const { done, command } = setUp({ ...login, consented: false }, true);
    command('sign-in:a1');
    await Promise.resolve();
    await Promise.resolve();
    expect(done).toEqual([
      ['sign-in', { ...again, consent: false }, 'tray'],
      ['show', { page: 'accounts', id: 'a1' }],
    ]);
  });

  it.each(['sign-in:a1', 'account:a1'])('%s of a key leads to the accounts', (id) => {
    const { done, command } = setUp(sampleAccount({ state: 'sign-in-needed' }));
    command(id);
    expect(done).toEqual([['show', { page: 'accounts', id: 'a1' }]]);
  });

  it('send everything to one account, and leave the choice to the strategy again', () => {
    const { done, command } = setUp();
    command('use:a1');
    expect(done).toEqual([['engine', 'settings.patch', { pinnedAccountId: 'a1', actor: 'tray' }]]);
  });

  it('change nothing when what is chosen is so already', () => {
    const { done, command } = setUp();
    command('use:auto');
    expect(done).toEqual([]);
  });

  it('an unknown one does nothing', () => {
    const { done, command } = setUp();
    command('__proto__');
    expect(done).toEqual([]);
  });

  it('switch the proxy in the name of the tray', () => {
    const { done, command } = setUp();
    command('proxy');
    expect(done).toEqual([['engine', 'proxy.setEnabled', { enabled: false, actor: 'tray' }]]);
  });
});
