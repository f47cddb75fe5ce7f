import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { VaultState } from '../../shared/app-state.ts';
import { BridgeFailure } from '../testing/fake-bridge.ts';
import { makeState } from '../testing/fixtures.ts';
import { renderApp } from '../testing/render-app.tsx';

const locked: VaultState = { phase: 'locked', mode: 'passphrase', backend: null, explanation: 'Encrypted.' };
const undecided: VaultState = {
  phase: 'choice-needed',
  mode: null,
  backend: null,
  explanation: 'No keychain.',
};

describe('a locked vault', () => {
  it('asks by itself, shows a wrong passphrase at the field, and closes when it is right', async () => {
    const { bridge, user } = renderApp('#/overview', {
      state: makeState({ vault: locked }),
      handlers: {
        'vault.unlock': ({ passphrase }) => {
          if (passphrase !== 'open sesame') {
            throw new BridgeFailure('wrong_passphrase', 'That is not the passphrase.');
          }
          bridge.change({ vault: { ...locked, phase: 'ready' } });
          return null;
        },
      },
    });
    await user.type(await screen.findByLabelText('Passphrase'), 'wrong');
    await user.click(screen.getByRole('button', { name: 'Unlock' }));
    expect(await screen.findByText('That is not the passphrase.')).toBeDefined();
    await user.clear(screen.getByLabelText('Passphrase'));
    await user.type(screen.getByLabelText('Passphrase'), 'open sesame{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.queryByText(/accounts are locked/)).toBeNull();
  });

  it('can be put off; the banner leads back', async () => {
    const { user } = renderApp('#/overview', { state: makeState({ vault: locked }) });
    await user.click(await screen.findByRole('button', { name: 'Later' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Unlock' }));
    expect(await screen.findByRole('dialog', { name: 'Unlock your accounts' })).toBeDefined();
  });
});

describe('a vault without a keychain', () => {
  it('takes a passphrase that is long enough and typed twice', async () => {
    const { bridge, user } = renderApp('#/overview', { state: makeState({ vault: undecided }) });
    await user.type(await screen.findByLabelText('New passphrase'), 'short');
    await user.click(screen.getByRole('button', { name: 'Use passphrase' }));
    expect(await screen.findByText('Use at least 8 characters.')).toBeDefined();
    await user.type(screen.getByLabelText('New passphrase'), ' but longer');
    await user.type(screen.getByLabelText('Repeat it'), 'something else');
    await user.click(screen.getByRole('button', { name: 'Use passphrase' }));
    expect(await screen.findByText('The two passphrases differ.')).toBeDefined();
    expect(bridge.argumentsOf('vault.choose')).toEqual([]);
    await user.clear(screen.getByLabelText('Repeat it'));
    await user.type(screen.getByLabelText('Repeat it'), 'short but longer');
    await user.click(screen.getByRole('button', { name: 'Use passphrase' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('vault.choose')).toEqual([
        { mode: 'passphrase', passphrase: 'short but longer' },
      ]),
    );
  });

  it('can keep keys in memory only', async () => {
    const { bridge, user } = renderApp('#/overview', { state: makeState({ vault: undecided }) });
    await user.click(await screen.findByRole('radio', { name: /Memory only/ }));
    await user.click(screen.getByRole('button', { name: 'Keep in memory only' }));
    expect(bridge.argumentsOf('vault.choose')).toEqual([{ mode: 'memory' }]);
  });
});
