import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { HOUR, makeState, NOW } from '../../testing/fixtures.ts';
import { never, renderApp } from '../../testing/render-app.tsx';
import { makeRow } from '../../testing/request-fixtures.ts';

describe('overview', () => {
  it('answers the four questions', async () => {
    renderApp('#/overview');
    const state = within(await screen.findByRole('region', { name: 'State' }));
    expect(state.getByRole('heading', { name: 'You can keep working' })).toBeDefined();
    expect(state.getByText('work')).toBeDefined();
    expect(state.getByText(/Opus week 83 % used, resets/)).toBeDefined();
    const today = within(screen.getByRole('region', { name: 'Today' }));
    expect(await today.findByText('$4.12')).toBeDefined();
    expect(today.getByText('$37.21')).toBeDefined();
    expect(today.getByText('API-equivalent, not spent')).toBeDefined();
  });

  it('draws the day by hour, and says the same in a table', async () => {
    renderApp('#/overview');
    const table = await screen.findByRole('table', { name: 'Tokens by hour today' });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(screen.getByText('Tokens by hour')).toBeDefined();
  });

  it('says when work can go on again', async () => {
    const pool = {
      ...makeState().pool,
      phase: 'cooling' as const,
      total: 1,
      canServe: 0,
      nextAccountId: null,
      backAt: NOW + 3 * HOUR,
      summary: 'All accounts are spent.',
    };
    renderApp('#/overview', { state: makeState({ pool }) });
    expect(await screen.findByRole('heading', { name: /is back at 18:00 \(in 3 h\)/ })).toBeDefined();
  });

  it('shows requests the moment they are recorded', async () => {
    const { bridge } = renderApp('#/overview');
    const strip = await screen.findByRole('region', { name: 'Last 60 seconds' });
    const before = within(strip).getAllByRole('link').length;
    act(() => bridge.record([makeRow(0, { id: 'live', startedAt: NOW - 500 })]));
    await waitFor(() => expect(within(strip).getAllByRole('link')).toHaveLength(before + 1));
  });

  it('has keys and shell line copied by the main process', async () => {
    const { bridge, user } = renderApp('#/overview');
    await user.click(await screen.findByRole('button', { name: 'Copy key default' }));
    await user.click(screen.getByRole('button', { name: 'Copy shell line' }));
    expect(bridge.argumentsOf('clipboard.copy')).toEqual([
      { what: 'client-key', keyId: 'key-default' },
      { what: 'shell-export', keyId: 'key-default' },
    ]);
  });

  it('keeps the page when sums cannot be read', async () => {
    renderApp('#/overview', {
      handlers: {
        'requests.totals': () => {
          throw new BridgeFailure('thread_down', 'The request log is restarting.');
        },
      },
    });
    expect(await screen.findByText(/Today's sums could not be read/)).toBeDefined();
    expect(screen.getByRole('heading', { name: 'You can keep working' })).toBeDefined();
  });

  it('shows its shape while requests are on their way', async () => {
    renderApp('#/overview', { handlers: { 'requests.list': never } });
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeDefined();
  });
});
