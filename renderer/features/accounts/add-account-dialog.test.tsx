import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { type RenderedApp, renderApp } from '../../testing/render-app.tsx';

async function openDialog(app: RenderedApp) {
  await app.user.click(await screen.findByRole('button', { name: 'Add account' }));
  return within(await screen.findByRole('dialog', { name: 'Add account' }));
}

describe('adding an account', () => {
  it('says what is missing in the words of the contract', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    await app.user.type(dialog.getByLabelText('API key'), 'short');
    await app.user.click(dialog.getByRole('button', { name: 'Add account' }));
    expect(dialog.getByText('Give the account a name.')).toBeDefined();
    expect(dialog.getByText('That is too short for an API key.')).toBeDefined();
    expect(dialog.getByLabelText('API key').getAttribute('aria-invalid')).toBe('true');
    expect(app.bridge.argumentsOf('accounts.add')).toEqual([]);
  });

  it('never shows the key and sends only what was filled in', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    expect(dialog.getByLabelText('API key').getAttribute('type')).toBe('password');
    await app.user.type(dialog.getByLabelText('Name'), 'team');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('accounts.add')).toEqual([{ name: 'team', apiKey: 'sk-ant-test-0001' }]);
  });

  it('checks address and priority', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    await app.user.type(dialog.getByLabelText('Name'), 'gateway');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001');
    await app.user.click(dialog.getByRole('button', { name: 'More options' }));
    await app.user.type(dialog.getByLabelText('Base URL'), 'http://example.com');
    await app.user.type(dialog.getByLabelText('Priority'), '1000');
    await app.user.click(dialog.getByRole('button', { name: 'Add account' }));
    expect(dialog.getByText(/Use an https address/)).toBeDefined();
    expect(dialog.getByText(/whole number from 0 to 999/)).toBeDefined();
    await app.user.clear(dialog.getByLabelText('Base URL'));
    await app.user.type(dialog.getByLabelText('Base URL'), 'https://gateway.example');
    await app.user.clear(dialog.getByLabelText('Priority'));
    await app.user.type(dialog.getByLabelText('Priority'), '5{Enter}');
    await waitFor(() =>
      expect(app.bridge.argumentsOf('accounts.add')).toEqual([
        { name: 'gateway', apiKey: 'sk-ant-test-0001', baseUrl: 'https://gateway.example', priority: 5 },
      ]),
    );
  });

  it('shows a name that is taken at the name', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    await app.user.type(dialog.getByLabelText('Name'), 'work');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001{Enter}');
    expect(await dialog.findByText(/has that name already/)).toBeDefined();
    expect(dialog.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true');
  });
});
