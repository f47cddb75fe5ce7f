import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AccountView } from '../../../shared/account.ts';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { DAY, HOUR, MINUTE, makeAccount, makeReading, makeState, NOW } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

const card = async (name: string) => within(await screen.findByRole('article', { name }));
const theDialog = async (name: string | RegExp) => within(await screen.findByRole('dialog', { name }));

/** The accounts page with these accounts only. */
const show = (...accounts: AccountView[]) => renderApp('#/accounts', { state: makeState({ accounts }) });

const refused = { state: 'sign-in-needed', reason: 'The provider refused its login.' } as const;
const setupToken = {
  expiresAt: NOW + 40 * DAY,
  lastRefreshAt: null,
  lastRefreshError: null,
  renewable: false,
};
const check = { checkedAt: NOW - 25 * MINUTE, nextAt: NOW - 15 * MINUTE, error: null };
const oldReading = { ...makeReading('5h', '5-hour window', 0.3, NOW + HOUR), observedAt: NOW - 11 * MINUTE };

describe('whose account it is', () => {
  it('stands on the card as far as it is known', async () => {
    show(
      makeAccount(),
      makeAccount({ id: 'b', name: 'plain', email: null, organizationName: null, plan: null }),
    );
    expect((await card('work')).getByText('Subscription Max 5x, priority 0')).toBeDefined();
    expect((await card('work')).getByText('sam@example.com, Example')).toBeDefined();
    expect((await card('plain')).getByText('Subscription, priority 0')).toBeDefined();
  });
});

describe('an account that needs a sign-in', () => {
  it('offers it first, says whom it is for, and signs in without asking anything again', async () => {
    const app = show(makeAccount(refused));
    await app.user.click((await card('work')).getByRole('button', { name: 'Sign in again for work' }));
    const dialog = await theDialog('Sign work in again');
    expect(dialog.getByText('sam@example.com, Example, Max 5x')).toBeDefined();
    expect(dialog.queryByRole('checkbox')).toBeNull();
    await app.user.keyboard('{Enter}');
    expect(await dialog.findByText(/Use the login of work/)).toBeDefined();
    expect(app.bridge.argumentsOf('signIn.start')).toEqual([
      { mode: 'subscription', way: 'window', consent: true, accountId: 'acc-work' },
    ]);
    const signIn = app.bridge.state().signIn;
    act(() => app.bridge.change({ signIn: signIn && { ...signIn, phase: 'done' } }));
    const done = await theDialog('work is signed in again');
    expect(done.queryByLabelText('Name')).toBeNull();
    expect(done.getByText(/It gets requests again/)).toBeDefined();
  });

  it('shows the notice first where nobody has agreed to it, as for a provisioned login', async () => {
    const app = show(makeAccount({ ...refused, consented: false }));
    await app.user.click((await card('work')).getByRole('button', { name: 'Sign in again for work' }));
    const dialog = await theDialog('Sign work in again');
    const start = dialog.getByRole<HTMLButtonElement>('button', { name: 'Open sign-in window' });
    const box = dialog.getByRole<HTMLInputElement>('checkbox');
    expect([start.disabled, box.checked]).toEqual([true, false]);
    await app.user.click(box);
    await app.user.click(start);
    await dialog.findByText(/Use the login of work/);
    expect(app.bridge.argumentsOf('signIn.start')).toMatchObject([{ consent: true }]);
  });

  it('has a dialog that closes when the account is gone', async () => {
    const app = show(makeAccount(refused));
    await app.user.click((await card('work')).getByRole('button', { name: 'Sign in again for work' }));
    await theDialog('Sign work in again');
    act(() => app.bridge.change({ accounts: [] }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('with a setup token takes a new one, after the notice', async () => {
    const app = show(makeAccount({ ...refused, token: setupToken }));
    await app.user.click((await card('work')).getByRole('button', { name: 'Paste a new token for work' }));
    const dialog = await theDialog('Paste a new token for work');
    await app.user.type(dialog.getByLabelText('Setup token'), 'sk-ant-oat01-0123456789{Enter}');
    expect(app.bridge.argumentsOf('accounts.addSetupToken')).toEqual([]);
    await app.user.click(dialog.getByRole('checkbox'));
    await app.user.click(dialog.getByRole('button', { name: 'Replace token' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('accounts.addSetupToken')).toEqual([
      { name: 'work', token: 'sk-ant-oat01-0123456789', consent: true, accountId: 'acc-work' },
    ]);
    expect((await card('work')).queryByRole('button', { name: /new token/ })).toBeNull();
  });

  it('by API key takes a new key', async () => {
    const app = renderApp('#/accounts');
    await app.user.click((await card('old-key')).getByRole('button', { name: 'Replace key for old-key' }));
    await theDialog('Replace the key of old-key');
  });

  it('by a key that a console login made can have another one made', async () => {
    const app = show(makeAccount({ ...refused, kind: 'api-key', token: null }));
    await app.user.click(
      (await card('work')).getByRole('button', { name: 'Sign in for a new key for work' }),
    );
    const dialog = await theDialog('Sign work in again');
    expect(dialog.getByText(/A new API key is created in the same organisation/)).toBeDefined();
    await app.user.keyboard('{Enter}');
    await dialog.findByText(/A window has opened/);
    expect(app.bridge.argumentsOf('signIn.start')).toEqual([
      { mode: 'console', way: 'window', consent: false, accountId: 'acc-work' },
    ]);
  });

  it('is reached from the palette', async () => {
    const app = show(makeAccount(refused));
    await card('work');
    await app.user.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox', { name: 'Search commands' });
    await app.user.keyboard('sign in again work{Enter}');
    await theDialog('Sign work in again');
  });
});

describe('the life of a token', () => {
  const token = {
    expiresAt: NOW + 5 * HOUR,
    lastRefreshAt: NOW - HOUR,
    lastRefreshError: null,
    renewable: true,
  };

  it.each<[string, Partial<AccountView>, RegExp]>([
    ['is valid and was renewed', { token }, /Token valid until 20:00 \(in 5 h\).*Renewed 1 h ago/],
    [
      'has ended and renews itself',
      { token: { ...token, expiresAt: NOW - HOUR } },
      /Token ended 1 h ago.*; it is renewed before the next request\./,
    ],
    [
      'has ended for good',
      { ...refused, token: { ...token, expiresAt: NOW - HOUR } },
      /Token ended 1 h ago[^;]*$/m,
    ],
    [
      'is of no use while its login is refused',
      { ...refused, token: { ...token, lastRefreshAt: null } },
      /^Its token is not used any more\.$/,
    ],
    [
      'does not repeat what its card says already',
      {
        ...refused,
        reason: 'Its login is no longer accepted. The provider answered 400. Sign in again.',
        token: { ...token, lastRefreshAt: null, lastRefreshError: 'The provider answered 400.' },
      },
      /^Its token is not used any more\.$/,
    ],
    [
      'could not be renewed',
      { token: { ...token, lastRefreshError: 'The provider did not answer.' } },
      /The last renewal failed: The provider did not answer\./,
    ],
    ['ends without a successor', { token: setupToken }, /Token ends .*in 40 d.*; it cannot be renewed\./],
    ['ends nobody knows when', { token: { ...setupToken, expiresAt: null } }, /when it ends is not known/],
  ])('%s', async (_, changes, words) => {
    show(makeAccount({ ...changes, lastUsedAt: null }));
    const article = await screen.findByRole('article', { name: 'work' });
    const note = article.querySelector('.account-note');
    expect(note?.textContent).toMatch(words);
  });

  it('is not spoken of for an API key', async () => {
    renderApp('#/accounts');
    expect((await card('api-team')).queryByText(/Token (valid|ended|ends)/)).toBeNull();
  });
});

describe('the usage page', () => {
  it('is asked once when the page opens, for logins whose newest reading is old', async () => {
    const app = show(
      makeAccount({ id: 'old', name: 'old', readings: [oldReading], usageCheck: check }),
      makeAccount({ id: 'fresh', name: 'fresh', usageCheck: check }),
      makeAccount({ id: 'none', name: 'none', readings: [], usageCheck: { ...check, checkedAt: null } }),
      makeAccount({
        id: 'wait',
        name: 'wait',
        readings: [oldReading],
        usageCheck: { ...check, nextAt: NOW + 1 },
      }),
      makeAccount({ id: 'out', name: 'out', readings: [oldReading], usageCheck: check, ...refused }),
      makeAccount({ id: 'token', name: 'token', readings: [oldReading], usageCheck: null }),
    );
    await card('old');
    const expected = [{ id: 'old' }, { id: 'none' }];
    await waitFor(() => expect(app.bridge.argumentsOf('accounts.checkUsage')).toEqual(expected));
    // Whatever comes of it, the readings are still old: that is no reason to ask again.
    act(() =>
      app.bridge.change({ accounts: app.bridge.state().accounts.map((account) => ({ ...account })) }),
    );
    act(() =>
      app.bridge.change({ accounts: app.bridge.state().accounts.map((a) => ({ ...a, usageCheck: check })) }),
    );
    await (await card('old')).findAllByText(/25 min ago/);
    expect(app.bridge.argumentsOf('accounts.checkUsage')).toEqual(expected);
  });

  it('is read on demand, says when that was and when it may be again', async () => {
    const app = show(makeAccount({ usageCheck: check }));
    const own = await card('work');
    expect(own.getByText(/Usage page read/).textContent).toContain('25 min ago');
    const button = own.getByRole('button', { name: 'Read limits now for work' });
    await app.user.click(button);
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('true'));
    await waitFor(() => expect(own.getByText(/Usage page read/).textContent).toContain('Again in 10 min'));
    expect(document.activeElement).toBe(button);
    await app.user.click(button);
    expect(app.bridge.argumentsOf('accounts.checkUsage')).toEqual([{ id: 'acc-work' }]);
  });

  it('says why it could not be read; a press that fails says so too', async () => {
    const error = 'The provider asked to wait.';
    const app = renderApp('#/accounts', {
      state: makeState({ accounts: [makeAccount({ usageCheck: { ...check, error } })] }),
      handlers: {
        'accounts.checkUsage': () => {
          throw new BridgeFailure('timeout', 'The provider did not answer in time.');
        },
      },
    });
    const own = await card('work');
    expect(own.getByText('It could not be read: The provider asked to wait.')).toBeDefined();
    await app.user.click(own.getByRole('button', { name: /Read limits now/ }));
    expect(await screen.findAllByText('Could not read the limits of work')).not.toHaveLength(0);
  });
});
