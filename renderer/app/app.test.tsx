import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { BridgeFailure } from '../testing/fake-bridge.ts';
import { makeState } from '../testing/fixtures.ts';
import { never, renderApp } from '../testing/render-app.tsx';

describe('start', () => {
  it('shows the shape of the page while the state is on its way', async () => {
    renderApp('#/overview', { handlers: { 'state.get': never } });
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeDefined();
  });

  it('says what failed and tries again', async () => {
    let broken = true;
    const { user } = renderApp('#/overview', {
      handlers: {
        'state.get': () => {
          if (broken) throw new BridgeFailure('thread_down', 'The engine is not running.');
          return makeState();
        },
      },
    });
    expect(await screen.findByText(/The engine is not running/)).toBeDefined();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { name: 'You can keep working' })).toBeDefined();
  });

  it('opens the page that the main process asks for', async () => {
    const { bridge } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    act(() => bridge.push('navigate', { page: 'accounts', id: 'acc-lab' }));
    expect(await screen.findByRole('heading', { name: 'Accounts' })).toBeDefined();
    expect(window.location.hash).toBe('#/accounts/acc-lab');
  });
});

describe('frame', () => {
  it('switches the proxy off and says so in words', async () => {
    const { bridge, user } = renderApp('#/accounts');
    await user.click(await screen.findByRole('switch', { name: 'Proxy' }));
    expect(bridge.argumentsOf('proxy.setEnabled')).toEqual([{ enabled: false }]);
    expect(await screen.findByText('Off')).toBeDefined();
  });

  it('has the address copied by the main process', async () => {
    const { bridge, user } = renderApp('#/accounts');
    await user.click(await screen.findByRole('button', { name: 'Copy address' }));
    expect(bridge.argumentsOf('clipboard.copy')).toEqual([{ what: 'address' }]);
    expect(await screen.findByText('Address copied')).toBeDefined();
  });

  it('applies the theme setting to the document', async () => {
    renderApp('#/overview', { state: makeState({ settings: { ...DEFAULT_SETTINGS, theme: 'dark' } }) });
    await waitFor(() => expect(document.documentElement.getAttribute('data-theme')).toBe('dark'));
  });

  it('announces the state of the pool', async () => {
    const { bridge } = renderApp('#/settings');
    await screen.findByRole('heading', { name: 'Settings' });
    const pool = {
      ...makeState().pool,
      phase: 'down' as const,
      canServe: 0,
      summary: 'No account can serve.',
    };
    act(() => bridge.change({ pool }));
    await waitFor(() => {
      const regions = document.querySelectorAll('[aria-live="polite"]');
      expect([...regions].some((region) => region.textContent === 'No account can serve.')).toBe(true);
    });
  });

  it('shows an error with what it means and the next step', async () => {
    const { user } = renderApp('#/accounts', {
      handlers: {
        'proxy.setEnabled': () => {
          throw new BridgeFailure('port_in_use', 'Port 8459 is used by another program.');
        },
      },
    });
    await user.click(await screen.findByRole('switch', { name: 'Proxy' }));
    expect(await screen.findAllByText('Could not switch the proxy')).not.toHaveLength(0);
    expect(screen.getAllByText('Port 8459 is used by another program.')).not.toHaveLength(0);
    // An urgent toast is read out by a region of its own; the visible one is for the eye until F6 goes there.
    await user.click(screen.getByRole('button', { name: 'Change port', hidden: true }));
    expect(window.location.hash).toBe('#/settings/listening');
  });
});

describe('banners', () => {
  it('offers the way out when the port could not be opened', async () => {
    const error = { code: 'port_in_use' as const, message: 'Port 8459 is used by another program.' };
    const proxy = { phase: 'failed' as const, port: 8459, error, inFlight: 0, since: null };
    const { user } = renderApp('#/overview', { state: makeState({ proxy }) });
    expect(await screen.findByText(/Clients cannot reach ccflare/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Change port' }));
    expect(window.location.hash).toBe('#/settings/listening');
  });

  it('says which thread is down and what that means, and that this is a demo', async () => {
    const state = makeState();
    const restarting = { phase: 'restarting' as const, restarts: 1, lastError: null };
    renderApp('#/overview', {
      state: {
        ...state,
        about: { ...state.about, demo: true },
        threads: { ...state.threads, archive: restarting },
      },
    });
    expect(await screen.findByText(/request log is restarting. Requests are served/)).toBeDefined();
    expect(screen.getByText(/accounts and traffic are simulated/)).toBeDefined();
  });
});

describe('keyboard', () => {
  it('goes to pages with Ctrl and a digit', async () => {
    const { user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await user.keyboard('{Control>}4{/Control}');
    expect(await screen.findByRole('heading', { name: 'Accounts' })).toBeDefined();
    await user.keyboard('{Meta>}6{/Meta}');
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeDefined();
    await user.keyboard('{Control>}2{/Control}');
    expect(await screen.findByRole('heading', { name: 'Sessions' })).toBeDefined();
  });

  it('finds and runs a command in the palette', async () => {
    const { bridge, user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await user.keyboard('{Control>}k{/Control}');
    const search = await screen.findByRole('combobox', { name: 'Search commands' });
    await waitFor(() => expect(document.activeElement).toBe(search));
    await user.keyboard('pause work');
    await user.keyboard('{Enter}');
    expect(bridge.argumentsOf('accounts.setPaused')).toEqual([{ id: 'acc-work', paused: true }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('pins everything to an account from the palette, and goes back to automatic', async () => {
    const { bridge, user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    const command = async (text: string) => {
      await user.keyboard('{Control>}k{/Control}');
      await screen.findByRole('combobox', { name: 'Search commands' });
      await user.keyboard(`${text}{Enter}`);
    };
    await command('pin everything private');
    await waitFor(() => expect(bridge.state().settings.pinnedAccountId).toBe('acc-private'));
    await command('use automatically');
    await waitFor(() => expect(bridge.state().settings.pinnedAccountId).toBeNull());
    await command('import from ccflare');
    expect(await screen.findByRole('dialog', { name: /Import/ })).toBeDefined();
  });

  it.each([
    ['set up claude', 'Set up Claude Code'],
    ['put claude back', /back/i],
  ])('opens Claude Code by %s', async (text, name) => {
    const { user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await user.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox', { name: 'Search commands' });
    await user.keyboard(`${text}{Enter}`);
    expect(await screen.findByRole('dialog', { name })).toBeDefined();
  });

  it('moves through the palette with the arrow keys and says when nothing fits', async () => {
    const { user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await user.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox', { name: 'Search commands' });
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('option', { selected: true }).textContent).toBe('Sessions');
    await user.keyboard('zzz');
    expect(await screen.findByText(/Nothing is called/)).toBeDefined();
  });

  it('shows the sheet on ? but not while typing', async () => {
    const { user } = renderApp('#/requests');
    const filter = await screen.findByRole('textbox', { name: 'Filter requests' });
    await user.type(filter, '?');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.keyboard('{Escape}');
    await user.keyboard('?');
    const sheet = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(within(sheet).getByText('Next and previous row')).toBeDefined();
  });
});
