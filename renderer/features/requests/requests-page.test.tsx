import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { makeState } from '../../testing/fixtures.ts';
import { never, renderApp } from '../../testing/render-app.tsx';
import { makeRecord, makeRow, makeRows } from '../../testing/request-fixtures.ts';
import { makeMove } from '../../testing/session-fixtures.ts';

const grid = () => screen.findByRole('grid', { name: 'Requests, newest first' });
const lists = (log: { name: string; argument: unknown }[]) =>
  log.filter(
    (entry) => entry.name === 'requests.list' && JSON.stringify(entry.argument).includes('"limit":100'),
  );

async function scrollTo(offset: number): Promise<void> {
  const scroller = (await grid()).parentElement;
  act(() => {
    if (!scroller) return;
    scroller.scrollTop = offset;
    scroller.dispatchEvent(new Event('scroll'));
  });
}

describe('request list', () => {
  it('shows a row with outcome, tokens, worth and times', async () => {
    renderApp('#/requests', { rows: [makeRow(0, { costNanoUsd: 12_300_000 })] });
    const row = within(within(await grid()).getAllByRole('row')[1]!);
    expect(row.getByText('OK')).toBeDefined();
    expect(row.getByText('claude-opus-4-8')).toBeDefined();
    expect(row.getByText(/≈ \$0.0123/).textContent).toContain('worth, not spent');
    expect(row.getByText('640 ms')).toBeDefined();
  });

  it('never calls an unknown price zero', async () => {
    renderApp('#/requests', { rows: [makeRow(0, { costNanoUsd: null })] });
    expect(await within(await grid()).findByText('unpriced')).toBeDefined();
  });

  it('pages by the last row seen and renders only what is visible', async () => {
    const { bridge } = renderApp('#/requests', { rows: makeRows(350) });
    expect(within(await grid()).getAllByRole('row').length).toBeLessThan(60);
    await scrollTo(32 * 90);
    await waitFor(() => expect(lists(bridge.log)).toHaveLength(2));
    expect(lists(bridge.log)[1]?.argument).toMatchObject({ cursor: { id: makeRow(99).id } });
    await scrollTo(32 * 190);
    await waitFor(() => expect(lists(bridge.log)).toHaveLength(3));
  });

  it('takes new rows in at the top', async () => {
    const { bridge } = renderApp('#/requests');
    await grid();
    act(() => bridge.record([makeRow(0, { id: 'live', model: 'claude-live' })]));
    const rows = within(await grid()).getAllByRole('row');
    expect(rows[1]?.textContent).toContain('claude-live');
  });

  it('does not move what is being read, and counts what is new', async () => {
    const { bridge, user } = renderApp('#/requests');
    const scroller = (await grid()).parentElement!;
    await scrollTo(640);
    act(() => bridge.record([makeRow(0, { id: 'live-1' }), makeRow(0, { id: 'live-2' })]));
    const pill = await screen.findByRole('button', { name: '2 new' });
    expect(scroller.scrollTop).toBe(640 + 2 * 32);
    await user.click(pill);
    expect(scroller.scrollTop).toBe(0);
    expect(screen.queryByRole('button', { name: '2 new' })).toBeNull();
  });
});

describe('request list without rows', () => {
  it('teaches the next step', async () => {
    renderApp('#/requests', { rows: [] });
    expect(await screen.findByText('No requests yet')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Set up a client' })).toBeDefined();
  });

  it('shows its shape while loading', async () => {
    renderApp('#/requests', { handlers: { 'requests.list': never } });
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeDefined();
  });

  it('says what failed and tries again', async () => {
    let broken = true;
    const { user } = renderApp('#/requests', {
      handlers: {
        'requests.list': () => {
          if (broken) throw new BridgeFailure('thread_down', 'The request log is restarting.');
          return { rows: makeRows(3), next: null };
        },
      },
    });
    expect(await screen.findByText(/The request log is restarting/)).toBeDefined();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await grid()).toBeDefined();
  });
});

describe('filter', () => {
  it('narrows by outcome, account and text, and clears', async () => {
    const { bridge, user } = renderApp('#/requests');
    await grid();
    await user.click(screen.getByRole('combobox', { name: 'Outcome' }));
    await user.click(await screen.findByRole('option', { name: 'Problems only' }));
    await waitFor(() =>
      expect(lists(bridge.log).at(-1)?.argument).toMatchObject({ filter: { outcome: 'problem' } }),
    );
    await user.keyboard('{Escape}/');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Filter requests')));
    await user.keyboard('no such thing');
    expect(await screen.findByText('No request matches')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
    expect(await within(await grid()).findAllByText('OK')).not.toHaveLength(0);
  });

  it('offers the models that were seen', async () => {
    const { bridge, user } = renderApp('#/requests');
    await grid();
    await user.click(screen.getByRole('combobox', { name: 'Model' }));
    await user.click(await screen.findByRole('option', { name: 'claude-sonnet-5' }));
    await waitFor(() =>
      expect(lists(bridge.log).at(-1)?.argument).toMatchObject({ filter: { model: 'claude-sonnet-5' } }),
    );
  });
});

describe('keyboard and detail', () => {
  it('moves with j and k, opens with Enter, goes back with Esc', async () => {
    const { user } = renderApp('#/requests');
    await grid();
    await user.keyboard('jjjk');
    expect(screen.getByRole('row', { selected: true }).id).toBe(`request-${makeRow(1).id}`);
    expect((await grid()).getAttribute('aria-activedescendant')).toBe(`request-${makeRow(1).id}`);
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('complementary', { name: 'Request detail' })).toBeDefined();
    await user.keyboard('j');
    await waitFor(() => expect(window.location.hash).toBe(`#/requests/${makeRow(2).id}`));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Request detail' })).toBeNull());
    expect(screen.getByRole('row', { selected: true }).id).toBe(`request-${makeRow(2).id}`);
  });

  it('explains the decision in words, then the attempts, then the result', async () => {
    renderApp(`#/requests/${makeRow(1).id}`);
    const detail = within(await screen.findByRole('complementary', { name: 'Request detail' }));
    expect(await detail.findByText('Why this account')).toBeDefined();
    expect(detail.getAllByText('Skipped')).toHaveLength(2);
    expect(detail.getByText('Paused by you.')).toBeDefined();
    expect(detail.getByText('429 quota rejected')).toBeDefined();
    expect(detail.getByText(/Moved on to the next account/)).toBeDefined();
    expect(detail.getByText(/the session now belongs to work/)).toBeDefined();
    expect(detail.getByText(/API-equivalent; not money spent/)).toBeDefined();
  });

  it('folds a long line of accounts that were not needed', async () => {
    const record = makeRecord(makeRow(1));
    const [first] = record.trace.candidates;
    const inLine = Array.from({ length: 9 }, (_, n) => ({
      ...first!,
      accountId: `acc-${n}`,
      accountName: `plan ${n}`,
      decision: 'fallback' as const,
    }));
    const candidates = [
      ...record.trace.candidates.filter(({ decision }) => decision !== 'fallback'),
      ...inLine,
    ];
    const { user } = renderApp(`#/requests/${record.id}`, {
      handlers: { 'requests.get': () => ({ ...record, trace: { ...record.trace, candidates } }) },
    });
    const detail = within(await screen.findByRole('complementary', { name: 'Request detail' }));
    expect(await detail.findByText('plan 2')).toBeDefined();
    expect(detail.queryByText('plan 3')).toBeNull();
    expect(detail.getAllByText('Skipped')).toHaveLength(2);
    await user.click(detail.getByRole('button', { name: 'Show 6 more in line' }));
    expect(detail.getByText('plan 8')).toBeDefined();
  });

  it('does not speak of a chosen account where there was none', async () => {
    const record = makeRecord(makeRow(1));
    const candidates = record.trace.candidates.map((one) => ({ ...one, decision: 'skipped' as const }));
    renderApp(`#/requests/${record.id}`, {
      handlers: { 'requests.get': () => ({ ...record, trace: { ...record.trace, candidates } }) },
    });
    const detail = within(await screen.findByRole('complementary', { name: 'Request detail' }));
    expect(await detail.findByText('Why no account')).toBeDefined();
    expect(detail.queryByText('Why this account')).toBeNull();
  });

  it('tells the wait, the move with its price, and what was lost by it', async () => {
    const record = makeRecord(makeRow(1, { project: 'billing' }));
    const trace = { ...record.trace, heldMs: 12_000, move: makeMove({ accountBound: true }) };
    const { user } = renderApp(`#/requests/${record.id}`, {
      handlers: { 'requests.get': () => ({ ...record, trace }) },
    });
    const detail = within(await screen.findByRole('complementary', { name: 'Request detail' }));
    expect(await detail.findByText(/^Waited 12 s for an account to come back/)).toBeDefined();
    expect(detail.getByText(/^From/).textContent).toBe(
      'From private to work. The 5-hour window of private is used up.',
    );
    expect(detail.getByText(/82.4k cached tokens had to be written again/)).toBeDefined();
    expect(detail.getByText(/what it had thought was lost/)).toBeDefined();
    expect(detail.getByText('billing')).toBeDefined();
    await user.click(detail.getByRole('link', { name: 'Its requests' }));
    expect(await screen.findByRole('textbox', { name: 'Filter requests' })).toHaveProperty(
      'value',
      record.sessionId,
    );
  });

  it('says how a client can name its project', async () => {
    renderApp(`#/requests/${makeRow(1).id}`);
    expect(await screen.findByText('x-ccflare-project')).toBeDefined();
    expect(screen.queryByText('Its session moved')).toBeNull();
    expect(screen.queryByText(/^Waited/)).toBeNull();
  });

  it('says when a request is gone', async () => {
    renderApp('#/requests/req-unknown', { state: makeState() });
    expect(await screen.findByText(/not in the log any more/)).toBeDefined();
  });
});
