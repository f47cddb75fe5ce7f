import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { makeState } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

describe('settings', () => {
  it('takes sizes in MB and saves bytes when the field is left', async () => {
    const { bridge, user } = renderApp('#/settings');
    const field = await screen.findByLabelText('Message size');
    expect(field).toHaveProperty('value', '32');
    await user.clear(field);
    await user.type(field, '64');
    await user.tab();
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([{ maxMessageBodyBytes: 64 * 1024 * 1024 }]),
    );
    await waitFor(() => expect(field).toHaveProperty('value', '64'));
  });

  it('refuses what is out of bounds, next to the field, and saves nothing', async () => {
    const { bridge, user } = renderApp('#/settings');
    const field = await screen.findByLabelText('Connect to the provider');
    await user.clear(field);
    await user.type(field, '200{Enter}');
    expect(await screen.findByText('Use a number from 500 ms to 2 min.')).toBeDefined();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(bridge.argumentsOf('settings.patch')).toEqual([]);
    await user.type(field, '{Escape}');
    expect(field).toHaveProperty('value', '10');
    expect(screen.queryByText(/from 500 ms/)).toBeNull();
  });

  it('leads back to the default', async () => {
    const settings = { ...DEFAULT_SETTINGS, requestRetentionDays: 7 };
    const { bridge, user } = renderApp('#/settings', { state: makeState({ settings }) });
    await user.click(await screen.findByRole('button', { name: 'Back to the default: 90 days' }));
    expect(bridge.argumentsOf('settings.patch')).toEqual([{ requestRetentionDays: 90 }]);
    await waitFor(() => expect(screen.getByLabelText('Keep requests')).toHaveProperty('value', '90'));
  });

  it('shows why the main process refused a value', async () => {
    const { user } = renderApp('#/settings', {
      handlers: {
        'settings.patch': () => {
          throw new BridgeFailure('port_forbidden', 'Ports below 1024 need more rights.');
        },
      },
    });
    const field = await screen.findByLabelText('Port');
    await user.clear(field);
    await user.type(field, '80{Enter}');
    expect(await screen.findByText('Ports below 1024 need more rights.')).toBeDefined();
  });

  it('saves switches and choices at once', async () => {
    const { bridge, user } = renderApp('#/settings');
    await user.click(await screen.findByRole('switch', { name: 'Start at login' }));
    await user.click(screen.getByRole('combobox', { name: 'Theme' }));
    await user.click(await screen.findByRole('option', { name: 'Dark' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([{ startAtLogin: true }, { theme: 'dark' }]),
    );
    await waitFor(() => expect(document.documentElement.getAttribute('data-theme')).toBe('dark'));
  });

  it('says which settings the environment decides, and what of it was ignored', async () => {
    const environment = {
      overridden: [{ key: 'strategy', variable: 'LB_STRATEGY' }],
      problems: ['The environment variable PORT was ignored (port: too big).'],
    };
    renderApp('#/settings', { state: makeState({ environment }) });
    const note = await screen.findByRole('region', { name: 'Set by the environment' });
    expect(note.textContent).toContain('Strategy (LB_STRATEGY)');
    expect(note.textContent).toContain('PORT was ignored');
  });

  it('shows storage against its bounds, the vault, and the version', async () => {
    renderApp('#/settings');
    expect(await screen.findByText('84 MB of 512 MB')).toBeDefined();
    expect(screen.getByText('No record was lost')).toBeDefined();
    expect(screen.getByText(/System keychain \(gnome_libsecret\)/)).toBeDefined();
    expect(screen.getByText('/home/sam/.config/ccflare')).toBeDefined();
  });
});

describe('sign-in settings', () => {
  it('are folded away, checked by the rule of the setting, and lead back to the default', async () => {
    const { bridge, user } = renderApp('#/settings');
    await user.click(await screen.findByText('Advanced'));
    const field = screen.getByLabelText('Token address');
    expect(field).toHaveProperty('value', DEFAULT_SETTINGS.oauthTokenUrl);
    await user.clear(field);
    await user.type(field, 'http://example.com/token{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Use an https address');
    expect(bridge.argumentsOf('settings.patch')).toEqual([]);
    await user.clear(field);
    await user.type(field, ' https://login.example.com/token {Enter}');
    const oauthTokenUrl = 'https://login.example.com/token';
    await waitFor(() => expect(bridge.argumentsOf('settings.patch')).toEqual([{ oauthTokenUrl }]));
    expect(await screen.findByText(', 1 changed')).toBeDefined();
    await user.click(screen.getByRole('button', { name: /^Back to the default: https/ }));
    await waitFor(() => expect(field).toHaveProperty('value', DEFAULT_SETTINGS.oauthTokenUrl));
    expect(screen.queryByText(', 1 changed')).toBeNull();
  });

  it('take scopes as words with single spaces, and Esc takes back what was typed', async () => {
    const { bridge, user } = renderApp('#/settings');
    await user.click(await screen.findByText('Advanced'));
    const field = screen.getByLabelText('Scopes, console');
    await user.type(field, '  Admin!{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Use scope names');
    await user.type(field, '{Escape}');
    expect(field).toHaveProperty('value', DEFAULT_SETTINGS.oauthConsoleScopes);
    expect(bridge.argumentsOf('settings.patch')).toEqual([]);
  });

  it('renew logins in minutes', async () => {
    const { bridge, user } = renderApp('#/settings');
    const field = await screen.findByLabelText('Renew logins early');
    await user.clear(field);
    await user.type(field, '10{Enter}');
    await waitFor(() => expect(bridge.argumentsOf('settings.patch')).toEqual([{ refreshLeadMs: 600_000 }]));
  });

  it('have no row for the first start', async () => {
    renderApp('#/settings');
    await screen.findByRole('heading', { name: 'Settings' });
    expect(screen.queryByText(/onboarding/i)).toBeNull();
  });
});

describe('client keys', () => {
  it('are created, renamed and revoked', async () => {
    const { bridge, user } = renderApp('#/settings');
    await user.click(await screen.findByRole('button', { name: 'Create client key' }));
    await user.type(await screen.findByLabelText('Name'), 'ci{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Actions for key ci' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Rename…' }));
    const name = await screen.findByLabelText('Name');
    await user.clear(name);
    await user.type(name, 'build{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Actions for key build' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Revoke…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Revoke key build?' }));
    await user.click(dialog.getByRole('button', { name: 'Revoke key' }));
    await waitFor(() => expect(bridge.argumentsOf('clientKeys.revoke')).toEqual([{ id: 'key-ci' }]));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Actions for key build' })).toBeNull());
  });

  it('are copied by name only', async () => {
    const { bridge, user } = renderApp('#/settings');
    await user.click(await screen.findByRole('button', { name: 'Copy key editor' }));
    expect(bridge.argumentsOf('clipboard.copy')).toEqual([{ what: 'client-key', keyId: 'key-editor' }]);
    expect(screen.queryByRole('button', { name: 'Copy key laptop' })).toBeNull();
  });
});
