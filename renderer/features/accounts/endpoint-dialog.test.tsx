import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AccountView } from '../../../shared/account.ts';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { makeAccount, makeState } from '../../testing/fixtures.ts';
import { type RenderedApp, renderApp } from '../../testing/render-app.tsx';

const gateway = makeAccount({
  id: 'gw',
  name: 'gateway',
  kind: 'api-key',
  token: null,
  email: null,
  organizationName: null,
  plan: null,
  baseUrl: 'https://gateway.example',
  headerStyle: 'bearer',
  modelMap: { 'claude-sonnet': 'vendor/sonnet' },
  readings: [],
});

const show = (...accounts: AccountView[]) => renderApp('#/accounts', { state: makeState({ accounts }) });

async function openEndpoint({ user }: RenderedApp, name: string) {
  await user.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
  await user.click(await screen.findByRole('menuitem', { name: 'Endpoint…' }));
  return within(await screen.findByRole('dialog', { name: `Endpoint of ${name}` }));
}

describe('an account of a gateway', () => {
  it('says where requests go and what is changed, and calls limits unknown, never zero', async () => {
    show(gateway);
    const card = within(await screen.findByRole('article', { name: 'gateway' }));
    expect(
      card.getByText('https://gateway.example, key as Authorization: Bearer, 1 model name changed'),
    ).toBeDefined();
    expect(card.getByText('Limits unknown: this endpoint has sent none.')).toBeDefined();
    expect(card.queryByText('0 %')).toBeNull();
  });
});

describe('the endpoint of an account', () => {
  it('changes address, header and names together', async () => {
    const app = show(gateway);
    const dialog = await openEndpoint(app, 'gateway');
    const url = dialog.getByLabelText('Base URL');
    await waitFor(() => expect(document.activeElement).toBe(url));
    await app.user.clear(url);
    await app.user.type(url, 'http://example.com{Enter}');
    expect(dialog.getByText(/Use an https address/)).toBeDefined();
    await app.user.clear(url);
    await app.user.type(url, 'https://other.example');
    await app.user.click(dialog.getByRole('radio', { name: 'x-api-key' }));
    await app.user.click(dialog.getByRole('button', { name: 'Add a name' }));
    await app.user.type(dialog.getByLabelText('Name 2 as asked for'), 'claude-opus');
    await app.user.type(dialog.getByLabelText('Name 2 as sent'), 'vendor/opus{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('accounts.setEndpoint')).toEqual([
      {
        id: 'gw',
        baseUrl: 'https://other.example',
        headerStyle: 'x-api-key',
        modelMap: { 'claude-sonnet': 'vendor/sonnet', 'claude-opus': 'vendor/opus' },
      },
    ]);
  });

  it('leaves names alone when that is switched off', async () => {
    const app = show(gateway);
    const dialog = await openEndpoint(app, 'gateway');
    await app.user.click(dialog.getByRole('switch', { name: 'Change model names' }));
    expect(dialog.getByText(/Off: requests pass as they are/)).toBeDefined();
    await app.user.click(dialog.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(app.bridge.argumentsOf('accounts.setEndpoint')).toMatchObject([{ modelMap: {} }]),
    );
  });

  it('offers no header to a login, which has only one way to be sent', async () => {
    const app = show(makeAccount());
    const dialog = await openEndpoint(app, 'work');
    expect(dialog.queryByRole('radio')).toBeNull();
    expect(dialog.getByText(/The account’s login is sent to this address/)).toBeDefined();
  });

  it('says why it was not saved, and keeps what was typed', async () => {
    const app = renderApp('#/accounts', {
      state: makeState({ accounts: [gateway] }),
      handlers: {
        'accounts.setEndpoint': () => {
          throw new BridgeFailure('database_busy', 'The database is busy. Try again.');
        },
      },
    });
    const dialog = await openEndpoint(app, 'gateway');
    await app.user.type(dialog.getByLabelText('Base URL'), '/v2{Enter}');
    expect((await dialog.findByRole('alert')).textContent).toBe('The database is busy. Try again.');
    expect(dialog.getByLabelText<HTMLInputElement>('Base URL').value).toBe('https://gateway.example/v2');
  });
});
