import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { makeAccount, makeClientKey, makeState } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

const show = (settings: Partial<Settings> = {}) =>
  renderApp('#/settings', { state: makeState({ settings: { ...DEFAULT_SETTINGS, ...settings } }) });
const group = async (name: string) => within(await screen.findByRole('region', { name }));

describe('choosing accounts', () => {
  it('offers each strategy with its cost, and marks those that lose the shared cache', async () => {
    const { bridge, user } = show();
    const strategy = await group('Strategy');
    expect(strategy.getAllByRole('radio')).toHaveLength(5);
    expect(strategy.getAllByText(/Cost: /)).toHaveLength(5);
    expect(strategy.getAllByText(/spreads sessions, loses shared cache/)).toHaveLength(2);
    await user.click(strategy.getByRole('radio', { name: /In turn/ }));
    await waitFor(() => expect(bridge.argumentsOf('settings.patch')).toEqual([{ strategy: 'round-robin' }]));
    strategy.getByRole('radio', { name: /In turn/ }).focus();
    await user.keyboard('{ArrowUp}');
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toContainEqual({ strategy: 'least-used' }),
    );
    await user.click(await strategy.findByRole('button', { name: /^Back to the default: One account/ }));
    await waitFor(() => expect(bridge.state().settings.strategy).toBe('session'));
  });

  it('takes the share to leave at in percent', async () => {
    const { bridge, user } = show();
    const field = await screen.findByLabelText('Leave an account at');
    expect(field).toHaveProperty('value', '98');
    await user.clear(field);
    await user.type(field, '40{Enter}');
    expect(await screen.findByText('Use a number from 50 % to 100 %.')).toBeDefined();
    await user.clear(field);
    await user.type(field, '90,5{Enter}');
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([{ leaveAtUtilisation: 0.905 }]),
    );
  });

  it('pins everything to one account, and says when that one is gone', async () => {
    const { bridge, user } = show({ pinnedAccountId: 'acc-gone' });
    expect(await screen.findByText('This account has been removed. Choose another one.')).toBeDefined();
    const select = screen.getByRole('combobox', { name: 'Use only' });
    expect(select.textContent).toContain('Removed account');
    await user.click(select);
    await user.click(await screen.findByRole('option', { name: 'private' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([{ pinnedAccountId: 'acc-private' }]),
    );
    await waitFor(() => expect(screen.queryByText(/has been removed/)).toBeNull());
  });

  it('edits routes row by row and saves them together, in the order they are tried', async () => {
    const { bridge, user } = show({ modelRoutes: [{ model: 'claude-opus-*', accountId: 'acc-work' }] });
    const routes = await group('Models that go to a certain account');
    expect(routes.queryByRole('button', { name: 'Save routes' })).toBeNull();
    await user.click(routes.getByRole('button', { name: 'Add a route' }));
    await user.click(routes.getByRole('combobox', { name: 'Account of route 2' }));
    await user.click(await screen.findByRole('option', { name: 'api-team' }));
    await user.click(routes.getByRole('button', { name: 'Save routes' }));
    expect(routes.getByRole('alert').textContent).toContain('Enter a model in each row');
    await user.type(routes.getByLabelText('Model of route 2'), ' claude-haiku-* ');
    await user.click(routes.getByRole('button', { name: 'Move route 2 up' }));
    expect(bridge.argumentsOf('settings.patch')).toEqual([]);
    await user.click(routes.getByRole('button', { name: 'Save routes' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([
        {
          modelRoutes: [
            { model: 'claude-haiku-*', accountId: 'acc-api' },
            { model: 'claude-opus-*', accountId: 'acc-work' },
          ],
        },
      ]),
    );
    await waitFor(() => expect(routes.queryByRole('button', { name: 'Save routes' })).toBeNull());
  });

  it('takes changes to routes back, and names a route whose account is gone', async () => {
    const { bridge, user } = show({ modelRoutes: [{ model: 'a*', accountId: 'acc-gone' }] });
    const routes = await group('Models that go to a certain account');
    expect(routes.getByRole('alert').textContent).toContain('has been removed');
    await user.click(routes.getByRole('button', { name: 'Remove route 1' }));
    expect(routes.queryByLabelText('Model of route 1')).toBeNull();
    await user.click(routes.getByRole('button', { name: 'Discard changes to routes' }));
    expect(routes.getByLabelText('Model of route 1')).toHaveProperty('value', 'a*');
    expect(bridge.argumentsOf('settings.patch')).toEqual([]);
  });

  it('edits the models with account-bound thinking and leads back to the default', async () => {
    const { bridge, user } = show({ accountBoundModels: ['claude-x'] });
    const models = await group('Models with account-bound thinking');
    await user.click(models.getByRole('button', { name: 'Add a model' }));
    await user.type(models.getByLabelText('Model 2'), 'claude-y*');
    await user.click(models.getByRole('button', { name: 'Save models' }));
    await waitFor(() =>
      expect(bridge.state().settings.accountBoundModels).toEqual(['claude-x', 'claude-y*']),
    );
    await user.click(models.getByRole('button', { name: /^Back to the default/ }));
    await waitFor(() =>
      expect(bridge.state().settings.accountBoundModels).toEqual(DEFAULT_SETTINGS.accountBoundModels),
    );
  });
});

describe('when nobody can serve', () => {
  it('says that a chosen fallback is not in force until it was agreed to', async () => {
    const { bridge, user } = show({ exhaustion: 'fallback' });
    const consent = await group('Consent to the fallback');
    expect(consent.getByText('Choose a fallback account first.')).toBeDefined();
    expect(consent.getByText(/until then it serves as an account like the others/)).toBeDefined();
    await user.click(screen.getByRole('combobox', { name: 'Fallback account' }));
    expect(screen.queryByRole('option', { name: 'work' })).toBeNull();
    await user.click(await screen.findByRole('option', { name: 'api-team' }));
    const box = await consent.findByRole('checkbox', { name: /through api-team cost me money/ });
    expect(box).toHaveProperty('checked', false);
    await user.click(box);
    await waitFor(() => expect(consent.queryByText(/until then/)).toBeNull());
    expect(bridge.argumentsOf('settings.patch')).toEqual([
      { fallbackAccountId: 'acc-api', fallbackConsent: false },
      { fallbackConsent: true },
    ]);
  });

  it('asks for consent again when another account is to step in', async () => {
    const { bridge, user } = show({
      exhaustion: 'fallback',
      fallbackAccountId: 'acc-api',
      fallbackConsent: true,
    });
    await user.click(await screen.findByRole('combobox', { name: 'Fallback account' }));
    await user.click(await screen.findByRole('option', { name: 'spare' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([
        { fallbackAccountId: 'acc-spare', fallbackConsent: false },
      ]),
    );
    expect(await screen.findByRole('checkbox', { name: /through spare/ })).toHaveProperty('checked', false);
  });

  it('shows what was spent this month against the cap', async () => {
    const account = makeAccount({
      id: 'acc-api',
      name: 'api-team',
      kind: 'api-key',
      spentThisMonthNanoUsd: 12_400_000_000,
    });
    const settings: Settings = { ...DEFAULT_SETTINGS, fallbackAccountId: 'acc-api', fallbackConsent: true };
    renderApp('#/settings', { state: makeState({ accounts: [account], settings }) });
    const consent = await group('Consent to the fallback');
    expect(consent.getByText(/^\$12.40 of \$10.00 this month; the cap is reached/)).toBeDefined();
    expect(
      consent.getByText(/Nothing falls back to it: .* serves like the others, up to its cap/),
    ).toBeDefined();
  });

  it('has caps in dollars and the wait in whole seconds', async () => {
    const { bridge, user } = show();
    await user.click(await screen.findByRole('radio', { name: /A wait in silence/ }));
    const wait = screen.getByLabelText('Longest wait');
    await user.clear(wait);
    await user.type(wait, '60{Enter}');
    const cap = screen.getByLabelText('Cap for the fallback');
    await user.clear(cap);
    await user.type(cap, '2.50{Enter}');
    await waitFor(() =>
      expect(bridge.argumentsOf('settings.patch')).toEqual([
        { exhaustion: 'hold' },
        { holdSeconds: 60 },
        { fallbackCapUsd: 2.5 },
      ]),
    );
  });

  it('can be another for one client key', async () => {
    const keys = [makeClientKey(), makeClientKey({ id: 'key-ci', name: 'ci', exhaustion: 'hold' })];
    const { bridge, user } = renderApp('#/settings', { state: makeState({ clientKeys: keys }) });
    const name = 'When nobody can serve: key ci';
    const select = await screen.findByRole('combobox', { name });
    expect(select.textContent).toContain('Wait in silence');
    await user.click(select);
    await user.click(await screen.findByRole('option', { name: 'As the setting says' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('clientKeys.setExhaustion')).toEqual([{ id: 'key-ci', exhaustion: null }]),
    );
  });
});
