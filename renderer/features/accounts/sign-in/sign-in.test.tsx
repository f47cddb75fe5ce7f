import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../shared/errors.ts';
import type { SignInView } from '../../../../shared/sign-in.ts';
import { BridgeFailure } from '../../../testing/fake-bridge.ts';
import { makeIdentity, makeSignIn, makeState, NOW } from '../../../testing/fixtures.ts';
import { type RenderedApp, renderApp } from '../../../testing/render-app.tsx';

const theDialog = async (name: string | RegExp) => within(await screen.findByRole('dialog', { name }));

/** Goes to the waiting step of a new subscription login. */
async function beginSubscription(app: RenderedApp) {
  await app.user.click(await screen.findByRole('button', { name: 'Add account' }));
  await app.user.click(await screen.findByRole('radio', { name: 'Subscription login' }));
  await app.user.keyboard('{Enter}');
  await app.user.click(await screen.findByRole('checkbox'));
  await app.user.click(screen.getByRole('button', { name: 'Open sign-in window' }));
  return await theDialog('Sign in with your subscription');
}

function move({ bridge }: RenderedApp, changes: Partial<SignInView>): void {
  const signIn = bridge.state().signIn;
  if (!signIn) throw new Error('No sign-in runs.');
  act(() => bridge.change({ signIn: { ...signIn, ...changes } }));
}

const confirmed = { phase: 'confirm', identity: makeIdentity(), suggestedName: 'sam' } as const;

describe('a subscription login', () => {
  it('starts only after the notice was agreed to', async () => {
    const app = renderApp('#/accounts');
    await app.user.click(await screen.findByRole('button', { name: 'Add account' }));
    await app.user.click(await screen.findByRole('radio', { name: 'Subscription login' }));
    await app.user.keyboard('{Enter}');
    const start = await screen.findByRole<HTMLButtonElement>('button', { name: 'Open sign-in window' });
    const box = screen.getByRole<HTMLInputElement>('checkbox');
    expect([start.disabled, box.checked]).toEqual([true, false]);
    await app.user.click(start);
    expect(app.bridge.argumentsOf('signIn.start')).toEqual([]);
    box.focus();
    await app.user.keyboard(' {Enter}');
    await theDialog('Sign in with your subscription');
    expect(app.bridge.argumentsOf('signIn.start')).toEqual([
      { mode: 'subscription', way: 'window', consent: true },
    ]);
  });

  it('says where to sign in and how long, shows whose login it is, and saves it under a name', async () => {
    const app = renderApp('#/accounts');
    let dialog = await beginSubscription(app);
    expect(dialog.getByRole('status').textContent).toMatch(/A window has opened/);
    expect(dialog.getByText('10 min left')).toBeDefined();
    move(app, { phase: 'exchanging' });
    expect((await dialog.findByText(/You are signed in/)).getAttribute('role')).toBe('status');
    move(app, confirmed);
    dialog = await theDialog('Add this account?');
    for (const fact of ['sam@example.com', 'Example', 'Max 5x']) expect(dialog.getByText(fact)).toBeDefined();
    const name = dialog.getByLabelText<HTMLInputElement>('Name');
    expect(name.value).toBe('sam');
    await waitFor(() => expect(document.activeElement).toBe(name));
    await app.user.type(name, ' 2');
    await app.user.type(dialog.getByLabelText('Priority'), '4{Enter}');
    dialog = await theDialog('sam 2 is added');
    expect(app.bridge.argumentsOf('signIn.confirm')).toEqual([
      { id: 'sign-in-subscription-window', name: 'sam 2', priority: 4 },
    ]);
    const done = dialog.getByRole('button', { name: 'Done' });
    expect(document.activeElement).toBe(done);
    await app.user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('signIn.cancel')).toEqual([]);
    expect(screen.getByRole('article', { name: 'sam 2' })).toBeDefined();
  });

  it('shows a name that is taken at the name', async () => {
    const app = renderApp('#/accounts');
    await beginSubscription(app);
    move(app, { ...confirmed, suggestedName: 'work' });
    const dialog = await theDialog('Add this account?');
    await app.user.click(dialog.getByRole('button', { name: 'Add account' }));
    expect(await dialog.findByText(/has that name already/)).toBeDefined();
    expect(dialog.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true');
  });

  it('calls what the provider does not say "not stated"', async () => {
    const app = renderApp('#/accounts');
    await beginSubscription(app);
    move(app, { ...confirmed, identity: makeIdentity({ organizationName: null, plan: null }) });
    const dialog = await theDialog('Add this account?');
    expect(dialog.getAllByText('not stated')).toHaveLength(2);
  });

  it('can go on in the system browser or with a pasted code, with the same consent', async () => {
    const app = renderApp('#/accounts');
    let dialog = await beginSubscription(app);
    await app.user.click(dialog.getByRole('button', { name: 'Use the system browser instead' }));
    expect(dialog.getByRole('status').textContent).toMatch(/Your browser has opened/);
    await app.user.click(dialog.getByRole('button', { name: 'Paste a code instead' }));
    const code = await dialog.findByLabelText('Code from the page');
    expect(document.activeElement).toBe(code);
    await app.user.keyboard('{Enter}');
    expect(dialog.getByText('Paste the code that the page shows.')).toBeDefined();
    await app.user.type(code, 'only-half{Enter}');
    expect(await dialog.findByText(/Copy all of it/)).toBeDefined();
    await app.user.clear(code);
    await app.user.type(code, ' the-code#the-state {Enter}');
    dialog = await theDialog('Add this account?');
    expect(app.bridge.argumentsOf('signIn.start')).toEqual(
      ['window', 'browser', 'paste'].map((way) => ({ mode: 'subscription', way, consent: true })),
    );
    expect(app.bridge.argumentsOf('signIn.paste').at(-1)).toEqual({
      id: 'sign-in-subscription-paste',
      text: 'the-code#the-state',
    });
  });

  it('keeps its place while another way is being opened, even when the view comes late', async () => {
    const app: RenderedApp = renderApp('#/accounts', {
      handlers: {
        'signIn.start': ({ way }) => {
          const signIn = makeSignIn({ id: `late-${way}`, way });
          if (way === 'window') app.bridge.change({ signIn });
          return { id: signIn.id };
        },
      },
    });
    const dialog = await beginSubscription(app);
    act(() => app.bridge.change({ signIn: makeSignIn({ id: 'late-window' }) }));
    await app.user.click(dialog.getByRole('button', { name: 'Use the system browser instead' }));
    const error = { code: 'sign_in_cancelled', message: 'Cancelled.' } as const;
    const ended = makeSignIn({ id: 'late-window', phase: 'failed', error });
    const pool = { ...app.bridge.state().pool, summary: 'The end of the old one has been seen.' };
    act(() => app.bridge.change({ signIn: ended, pool }));
    expect(await screen.findAllByText(pool.summary)).not.toHaveLength(0);
    expect(dialog.getByRole('status').textContent).toMatch(/A window has opened/);
    act(() => app.bridge.change({ signIn: makeSignIn({ id: 'late-browser', way: 'browser' }) }));
    expect(await dialog.findByText(/Your browser has opened/)).toBeDefined();
    expect(screen.queryByText(/was not finished/)).toBeNull();
  });

  it('is given up when the dialog is closed', async () => {
    const app = renderApp('#/accounts');
    await beginSubscription(app);
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('signIn.cancel')).toEqual([{ id: 'sign-in-subscription-window' }]);
  });

  it('is given up when the dialog is closed while the browser is still being opened', async () => {
    const app: RenderedApp = renderApp('#/accounts', {
      handlers: {
        'signIn.start': () => {
          app.bridge.change({ signIn: makeSignIn({ id: 'opening', way: 'browser' }) });
          return new Promise(() => undefined);
        },
      },
    });
    await app.user.click(await screen.findByRole('button', { name: 'Add account' }));
    await app.user.click(await screen.findByRole('radio', { name: 'Subscription login' }));
    await app.user.keyboard('{Enter}');
    await app.user.click(await screen.findByRole('checkbox'));
    await app.user.click(screen.getByRole('button', { name: 'Open sign-in window' }));
    await waitFor(() => expect(app.bridge.argumentsOf('signIn.start')).toHaveLength(1));
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('signIn.cancel')).toEqual([{ id: 'opening' }]);
  });

  it('is given up by going back, and can be begun again', async () => {
    const app = renderApp('#/accounts');
    const dialog = await beginSubscription(app);
    await app.user.click(dialog.getByRole('button', { name: 'Back' }));
    const before = await theDialog(/by subscription login/);
    expect(app.bridge.argumentsOf('signIn.cancel')).toHaveLength(1);
    expect(before.getByRole<HTMLInputElement>('checkbox').checked).toBe(true);
    await app.user.click(before.getByRole('button', { name: 'Open sign-in window' }));
    await theDialog('Sign in with your subscription');
  });

  it('that is here already leads to the account that has it', async () => {
    const app = renderApp('#/accounts');
    await beginSubscription(app);
    move(app, { ...confirmed, duplicateOf: { id: 'acc-private', name: 'private' } });
    const dialog = await theDialog('This login is here already');
    expect(dialog.queryByLabelText('Name')).toBeNull();
    await app.user.click(dialog.getByRole('button', { name: 'Sign private in again' }));
    await theDialog('Sign private in again');
    expect(app.bridge.argumentsOf('signIn.start').at(-1)).toEqual({
      mode: 'subscription',
      way: 'window',
      consent: true,
      accountId: 'acc-private',
    });
  });
});

describe('a console login', () => {
  it('needs no notice and says what becomes of key and login', async () => {
    const app = renderApp('#/accounts');
    await app.user.click(await screen.findByRole('button', { name: 'Add account' }));
    await app.user.click(await screen.findByRole('radio', { name: 'Console login' }));
    await app.user.keyboard('{Enter}');
    await screen.findByText(/An API key is created in the organisation you choose/);
    expect(screen.queryByRole('checkbox')).toBeNull();
    await app.user.keyboard('{Enter}');
    await theDialog('Sign in to the console');
    expect(app.bridge.argumentsOf('signIn.start')).toEqual([
      { mode: 'console', way: 'window', consent: false },
    ]);
    move(app, confirmed);
    const dialog = await theDialog('Add this account?');
    expect(dialog.getByText(/delete that key at the provider/)).toBeDefined();
  });
});

describe('a sign-in that fails', () => {
  const message = 'The provider said: "no such client".';

  it.each<[ErrorCode, string]>([
    ['sign_in_cancelled', 'The sign-in was not finished'],
    ['sign_in_denied', 'Access was not allowed'],
    ['sign_in_expired', 'The sign-in took too long'],
    ['sign_in_state', 'That answer belongs to another sign-in'],
    ['sign_in_refused', 'The provider refused the sign-in'],
    ['sign_in_unreachable', 'The provider could not be reached'],
    ['other_account', 'That is the login of somebody else'],
    ['internal', 'The sign-in failed'],
  ])('says what happened, in the words that came, and tries again: %s', async (code, title) => {
    const app = renderApp('#/accounts');
    await beginSubscription(app);
    move(app, { phase: 'failed', error: { code, message } });
    const dialog = await theDialog(title);
    expect(dialog.getByRole('alert').textContent).toContain(message);
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Try again' }));
    await app.user.keyboard('{Enter}');
    await theDialog('Sign in with your subscription');
    expect(app.bridge.argumentsOf('signIn.start')).toHaveLength(2);
  });

  it('offers another way and the state of the provider where that may help', async () => {
    const app = renderApp('#/accounts');
    await beginSubscription(app);
    move(app, { phase: 'failed', error: { code: 'sign_in_unreachable', message } });
    const dialog = await theDialog('The provider could not be reached');
    await app.user.click(dialog.getByRole('button', { name: 'Is the provider up?' }));
    expect(app.bridge.argumentsOf('app.openExternal')).toEqual([{ link: 'provider-status' }]);
    await app.user.click(dialog.getByRole('button', { name: 'Try with the system browser' }));
    expect(app.bridge.argumentsOf('signIn.start').at(-1)).toMatchObject({ way: 'browser', consent: true });
  });

  it('to start says so and stays where it was', async () => {
    const app = renderApp('#/accounts', {
      handlers: {
        'signIn.start': () => {
          throw new BridgeFailure('vault_locked', 'The accounts are locked. Unlock them first.');
        },
      },
    });
    await app.user.click(await screen.findByRole('button', { name: 'Add account' }));
    await app.user.click(await screen.findByRole('radio', { name: 'Console login' }));
    await app.user.keyboard('{Enter}');
    await theDialog(/by console login/);
    await app.user.keyboard('{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe(
      'The accounts are locked. Unlock them first.',
    );
  });
});

describe('a sign-in that was begun elsewhere', () => {
  it('is shown, and a closed dialog does not come back', async () => {
    const app = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    act(() => app.bridge.change({ signIn: makeSignIn({ id: 'tray', accountId: 'acc-private' }) }));
    const dialog = await theDialog('Sign private in again');
    expect(dialog.getByText(/Use the login of private/)).toBeDefined();
    await app.user.click(dialog.getByRole('button', { name: 'Cancel sign-in' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('signIn.cancel')).toEqual([{ id: 'tray' }]);
  });

  it('is shown when the window is loaded in its middle', async () => {
    renderApp('#/overview', { state: makeState({ signIn: makeSignIn(confirmed) }) });
    await theDialog('Add this account?');
  });

  it('is not shown once it is over', async () => {
    renderApp('#/overview', { state: makeState({ signIn: makeSignIn({ phase: 'done' }) }) });
    await screen.findByRole('heading', { name: 'You can keep working' });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the time that is left', () => {
  it('goes to the second and is not read out', async () => {
    renderApp('#/overview', {
      state: makeState({ signIn: makeSignIn({ expiresAt: NOW + 92_000 }) }),
    });
    const left = await screen.findByText('1 min 32 s left');
    expect(left.closest('[role="status"], [aria-live]')).toBeNull();
  });
});
