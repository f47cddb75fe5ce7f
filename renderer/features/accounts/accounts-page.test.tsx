import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { makeEmptyState } from '../../testing/fixtures.ts';
import { type RenderedApp, renderApp } from '../../testing/render-app.tsx';

const card = (name: string) => screen.findByRole('article', { name });

async function choose({ user }: RenderedApp, account: string, entry: string): Promise<void> {
  await user.click(await screen.findByRole('button', { name: `Actions for ${account}` }));
  await user.click(await screen.findByRole('menuitem', { name: entry }));
}

describe('account cards', () => {
  it('say state, reason, limits, and today in words', async () => {
    renderApp('#/accounts');
    const work = within(await card('work'));
    expect(work.getByText('Serving')).toBeDefined();
    expect(work.getByText('42 %')).toBeDefined();
    expect(work.getByRole('img', { name: /5-hour window: 42 % used, resets 17:12/ })).toBeDefined();
    expect(await work.findByText('$37.21')).toBeDefined();
    expect(work.queryByText(/spent/)).toBeNull();
    const api = within(await card('api-team'));
    expect(api.getByText('API key …x7Qa, priority 10')).toBeDefined();
    expect(api.getByText('$4.12').parentElement?.textContent).toBe('$4.12 spent');
    expect(within(await card('private')).getByText(/Back at/).textContent).toContain('17:12 (in 2 h 12 min)');
  });

  it('invite to add the first account', async () => {
    const { user } = renderApp('#/accounts', { state: makeEmptyState(), rows: [] });
    expect(await screen.findByText('No accounts yet', { selector: 'h2' })).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Add account' }));
    expect(await screen.findByRole('dialog', { name: 'Add account' })).toBeDefined();
  });
});

describe('account actions', () => {
  it('pause one, and resume it', async () => {
    const app = renderApp('#/accounts');
    await choose(app, 'work', 'Pause');
    expect(await within(await card('work')).findByText('Paused')).toBeDefined();
    await choose(app, 'work', 'Resume');
    expect(app.bridge.argumentsOf('accounts.setPaused')).toEqual([
      { id: 'acc-work', paused: true },
      { id: 'acc-work', paused: false },
    ]);
  });

  it('pause all', async () => {
    const { bridge, user } = renderApp('#/accounts');
    await user.click(await screen.findByRole('button', { name: 'Pause all' }));
    expect(bridge.argumentsOf('accounts.setAllPaused')).toEqual([{ paused: true }]);
    expect(await screen.findByRole('button', { name: 'Resume all' })).toBeDefined();
  });

  it('rename', async () => {
    const app = renderApp('#/accounts');
    await choose(app, 'work', 'Rename…');
    const field = await screen.findByLabelText('Name');
    await app.user.clear(field);
    await app.user.click(screen.getByRole('button', { name: 'Rename' }));
    expect(await screen.findByText('Give the account a name.')).toBeDefined();
    await app.user.type(field, 'office{Enter}');
    expect(await card('office')).toBeDefined();
  });

  it('change priority within bounds', async () => {
    const app = renderApp('#/accounts');
    await choose(app, 'work', 'Priority…');
    const priority = await screen.findByLabelText('Priority');
    await app.user.clear(priority);
    await app.user.type(priority, '1.5{Enter}');
    expect(await screen.findByText(/whole number from 0 to 999/)).toBeDefined();
    await app.user.clear(priority);
    await app.user.type(priority, '7{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('accounts.setPriority')).toEqual([{ id: 'acc-work', priority: 7 }]);
  });

  it('replace a key', async () => {
    const app = renderApp('#/accounts');
    await choose(app, 'old-key', 'Replace key…');
    await app.user.type(await screen.findByLabelText('New API key'), 'sk-ant-new-key-9876{Enter}');
    expect(await screen.findByText('API key …9876, priority 30')).toBeDefined();
  });

  it('remove only after saying what is deleted and where to end the rest', async () => {
    const app = renderApp('#/accounts');
    await choose(app, 'spare', 'Remove…');
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove spare?' }));
    expect(dialog.getByText(/Its key is overwritten and deleted on this computer/)).toBeDefined();
    await app.user.click(dialog.getByRole('button', { name: 'Open the page with your keys' }));
    await app.user.click(dialog.getByRole('button', { name: 'Remove account' }));
    await waitFor(() => expect(screen.queryByRole('article', { name: 'spare' })).toBeNull());
    expect(screen.queryByRole('dialog')).toBeNull();
    await choose(app, 'work', 'Remove…');
    const login = within(await screen.findByRole('dialog', { name: 'Remove work?' }));
    expect(login.getByText(/Its login is overwritten/)).toBeDefined();
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
    await app.user.click(login.getByRole('button', { name: 'Open the page that lists your logins' }));
    expect(app.bridge.argumentsOf('app.openExternal')).toEqual([
      { link: 'provider-keys' },
      { link: 'provider-revoke' },
    ]);
  });

  it('sign in again at any time', async () => {
    const app = renderApp('#/accounts');
    await choose(app, 'work', 'Sign in again…');
    expect(await screen.findByRole('dialog', { name: 'Sign work in again' })).toBeDefined();
  });
});
