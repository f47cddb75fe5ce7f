import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { MINUTE, makeAccount, makeState, NOW } from '../../testing/fixtures.ts';
import { never, type RenderedApp, renderApp } from '../../testing/render-app.tsx';
import { makeRow } from '../../testing/request-fixtures.ts';
import { makeLive, makeSessions } from '../../testing/session-fixtures.ts';

const show = (options: Parameters<typeof renderApp>[1] = {}): RenderedApp =>
  renderApp('#/sessions', { sessions: makeSessions(), ...options });
const grid = () => screen.findByRole('grid', { name: 'Sessions, newest first' });
const row = async (id: string) => {
  const lines = within(await grid()).getAllByRole('row');
  const line = lines.find(({ textContent }) => textContent?.includes(id));
  if (line === undefined) throw new Error(`no row ${id}`);
  return line;
};

describe('the board', () => {
  it('says of each session where it is, what runs, what it used and how well its cache served', async () => {
    show();
    const running = await row('7f3a9c12');
    expect(running.textContent).toContain('billing');
    expect(running.textContent).toContain('claude-cli/2.1.9');
    expect(within(running).getByText('work')).toBeDefined();
    expect(within(running).getByText('Serving')).toBeDefined();
    expect(within(running).getByText('claude-opus-4-8')).toBeDefined();
    expect(within(running).getByTitle('2 in flight')).toBeDefined();
    expect(within(running).getByText('2 problems')).toBeDefined();
    expect(within(running).getByText('98 % hit')).toBeDefined();
    expect(within(running).getByText(/≈ \$11.40/).textContent).toContain('worth, not spent');
  });

  it('names every account of a session that is on several', async () => {
    const bindings = ['acc-work', 'acc-private', 'acc-api'].map((accountId, n) => ({
      model: `m${n}`,
      accountId,
    }));
    const sessions = makeSessions().map((one, n) =>
      n === 0 ? { ...one, live: makeLive({ bindings }) } : one,
    );
    const accounts = ['work', 'private', 'api'].map((name) => makeAccount({ id: `acc-${name}`, name }));
    show({ sessions, state: makeState({ accounts }) });
    const running = await row('7f3a9c12');
    expect(within(running).getByText('work')).toBeDefined();
    expect(within(running).getByText('private')).toBeDefined();
    expect(within(running).getByText('+1')).toBeDefined();
    expect(within(running).getByText(/^, api\. m0, m1, m2/).className).toBe('visually-hidden');
    expect(within(running).getByTitle(/^work, private, api m0, m1, m2/)).toBeDefined();
  });

  it('marks what is pinned, and never calls an unknown price zero', async () => {
    show();
    const pinned = await row('b21d44e0');
    expect(within(pinned).getByText('pinned')).toBeDefined();
    expect(within(pinned).getByText('$11.40')).toBeDefined();
    expect(within(pinned).getByText('3 unpriced')).toBeDefined();
    const old = await row('0c5e7d31');
    expect(within(old).getByText('former')).toBeDefined();
    expect(within(old).getByText('unpriced')).toBeDefined();
    expect(within(old).queryByText(/hit/)).toBeNull();
  });

  it('keeps what an API key cost apart from what a subscription served, whoever has it now', async () => {
    const sessions = makeSessions();
    const both = sessions.map((one, n) =>
      n === 0 && one.totals ? { ...one, totals: { ...one.totals, worthNanoUsd: 9_000_000_000 } } : one,
    );
    show({ sessions: both });
    const running = await row('7f3a9c12');
    expect(within(running).getByText('$2.40')).toBeDefined();
    expect(within(running).getByText('≈ $9.00 worth')).toBeDefined();
    expect(within(running).getByTitle(/\$9\.00 worth of subscriptions, not spent/)).toBeDefined();
  });

  it('tells the moves of a session: when, where, why, at what price, and what was lost', async () => {
    const { user } = show();
    await user.click(
      await screen.findByRole('button', { name: /2 moves of session 7f3a9c12, thinking was lost/ }),
    );
    const [newest, first] = within(await screen.findByRole('dialog')).getAllByRole('listitem');
    expect(newest?.textContent).toMatch(/private.*work.*18 min ago/);
    expect(newest?.textContent).toContain('The 5-hour window of private is used up.');
    expect(newest?.textContent).toContain(
      '82.4k cached tokens had to be written again, which cost $0.47 more',
    );
    expect(newest?.textContent).toContain('what it had thought was lost');
    expect(first?.textContent).toContain('Its prompt cache was cold');
    expect(first?.textContent).not.toContain('lost');
  });

  it('looks further back when asked', async () => {
    const { bridge, user } = show();
    await grid();
    await user.click(screen.getByRole('combobox', { name: 'Time' }));
    await user.click(await screen.findByRole('option', { name: 'Last 7 days' }));
    await waitFor(() => expect(bridge.argumentsOf('sessions.list').at(-1)).toEqual({ hours: 168 }));
    expect(bridge.argumentsOf('sessions.list')[0]).toEqual({ hours: 24 });
  });

  it('is read again when a request was recorded, not for each of them', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true, now: NOW });
    const { bridge } = show();
    await grid();
    const before = bridge.argumentsOf('sessions.list').length;
    act(() => {
      for (let index = 0; index < 5; index += 1) bridge.record([makeRow(0, { id: `live-${index}` })]);
    });
    await act(() => vi.advanceTimersByTimeAsync(1600));
    expect(bridge.argumentsOf('sessions.list')).toHaveLength(before + 1);
  });
});

describe('the board without sessions', () => {
  it('teaches the next step', async () => {
    show({ sessions: [] });
    expect(await screen.findByText('No sessions in this time')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Set up a client' })).toBeDefined();
  });

  it('shows its shape while loading', async () => {
    show({ handlers: { 'sessions.list': never } });
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeDefined();
  });

  it('says what failed and tries again', async () => {
    let broken = true;
    const { user } = show({
      handlers: {
        'sessions.list': () => {
          if (broken) throw new BridgeFailure('thread_down', 'The request log is restarting.');
          return makeSessions();
        },
      },
    });
    expect(await screen.findByText(/The request log is restarting/)).toBeDefined();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await grid()).toBeDefined();
  });
});

describe('keyboard', () => {
  it('filters with / by any words, and clears', async () => {
    const { user } = show();
    await grid();
    await user.keyboard('/');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Filter sessions')));
    await user.keyboard('api-team pinned');
    await waitFor(async () => expect(within(await grid()).getAllByRole('row')).toHaveLength(2));
    await user.keyboard(' nothing');
    await user.click(await screen.findByRole('button', { name: 'Clear the filter' }));
    expect(within(await grid()).getAllByRole('row')).toHaveLength(4);
  });

  it('moves with j and k, and Enter shows the requests of that session', async () => {
    const { bridge, user } = show();
    await grid();
    await user.keyboard('jjjk');
    expect(screen.getByRole('row', { selected: true }).id).toBe('session-b21d44e0-99aa');
    expect((await grid()).getAttribute('aria-activedescendant')).toBe('session-b21d44e0-99aa');
    await user.keyboard('{Enter}');
    const field = await screen.findByRole('textbox', { name: 'Filter requests' });
    expect(field).toHaveProperty('value', 'b21d44e0-99aa');
    await waitFor(() =>
      expect(bridge.argumentsOf('requests.list')).toContainEqual(
        expect.objectContaining({ filter: { outcome: 'all', text: 'b21d44e0-99aa' } }),
      ),
    );
  });

  it('pins with p and releases with r', async () => {
    const { bridge, user } = show();
    await grid();
    await user.keyboard('jp');
    const dialog = within(await screen.findByRole('dialog', { name: 'Pin session 7f3a9c12' }));
    expect(dialog.getByRole('radio', { name: /work/ })).toHaveProperty('checked', true);
    expect(dialog.getByText(/on this account already/)).toBeDefined();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const wish = { sessionId: '7f3a9c12-1f0b', accountId: 'acc-work' };
    expect(bridge.argumentsOf('sessions.pin')).toEqual([wish]);
    await waitFor(async () => expect(within(await row('7f3a9c12')).getByText('pinned')).toBeDefined());
    await user.keyboard('r');
    await waitFor(async () => expect(within(await row('7f3a9c12')).queryByText('pinned')).toBeNull());
    expect(bridge.argumentsOf('sessions.release')).toEqual([{ sessionId: '7f3a9c12-1f0b' }]);
  });

  it('does not let a stray key cost a session its place', async () => {
    const { bridge, user } = show();
    await grid();
    await user.keyboard('jr');
    expect(bridge.argumentsOf('sessions.release')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Actions for session 7f3a9c12' }));
    await user.click(await screen.findByRole('menuitem', { name: /Release/ }));
    expect(await screen.findByText('Session 7f3a9c12 is routed anew with its next request')).toBeDefined();
    expect(bridge.argumentsOf('sessions.release')).toEqual([{ sessionId: '7f3a9c12-1f0b' }]);
  });

  it('asks nothing when no row is chosen', async () => {
    const { bridge, user } = show();
    await grid();
    await user.keyboard('mpr{Enter}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(bridge.argumentsOf('sessions.release')).toEqual([]);
  });
});

describe('moving a session', () => {
  const openMove = async ({ user }: RenderedApp) => {
    await user.click(await screen.findByRole('button', { name: 'Actions for session 7f3a9c12' }));
    await user.click(await screen.findByRole('menuitem', { name: /Move to/ }));
    return within(await screen.findByRole('dialog', { name: 'Move session 7f3a9c12' }));
  };

  it('names the price first: the cache that is warm now, and thinking that stays behind', async () => {
    const usage = { ...makeRow(0).usage!, cacheReadTokens: 90_000, cacheWriteTokens: 2_000 };
    const app = show({ rows: [makeRow(0, { usage }), makeRow(3)] });
    const dialog = await openMove(app);
    expect(
      await dialog.findByText(/^92k prompt tokens are warm in a cache now \(92k of claude-opus/),
    ).toBeDefined();
    expect(dialog.getByText(/what it has thought so far is lost/)).toBeDefined();
    expect(dialog.queryByRole('radio', { name: /^work/ })).toBeNull();
    expect(dialog.getByRole('radio', { name: 'private spent' })).toBeDefined();
    expect(dialog.getByText('Its 5-hour window is spent. Back at 17:12.')).toBeDefined();
    await app.user.click(dialog.getByRole('radio', { name: /^private/ }));
    await app.user.click(dialog.getByRole('button', { name: 'Move' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('sessions.move')).toEqual([
      { sessionId: '7f3a9c12-1f0b', accountId: 'acc-private' },
    ]);
    expect(within(await row('7f3a9c12')).getByText('private')).toBeDefined();
  });

  it('costs nothing extra when the cache has gone cold', async () => {
    const old = { startedAt: NOW - 90 * MINUTE };
    const dialog = await openMove(show({ rows: [makeRow(0, old)] }));
    expect(await dialog.findByText(/Nothing of it is warm/)).toBeDefined();
  });

  it('shows why it was refused, and stays open', async () => {
    const app = show({
      handlers: {
        'sessions.move': () => {
          throw new BridgeFailure('not_found', 'That account is gone.');
        },
      },
    });
    const dialog = await openMove(app);
    await app.user.click(dialog.getByRole('button', { name: 'Move' }));
    expect(await dialog.findByText('That account is gone.')).toBeDefined();
  });
});

describe('the pointer', () => {
  it('shows the requests of a row on a double click, but not when it is on what the row opened', async () => {
    const { user } = show();
    await user.click(await screen.findByRole('button', { name: /2 moves/ }));
    await user.dblClick(await screen.findByText(/2 moves of session/));
    expect(window.location.hash).toBe('#/sessions');
    await user.keyboard('{Escape}');
    await user.dblClick(within(await row('7f3a9c12')).getByText('claude-cli/2.1.9'));
    expect(window.location.hash).toBe('#/requests?text=7f3a9c12-1f0b');
  });
});
