import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AccountView } from '../../../shared/account.ts';
import type { LimitHistory } from '../../../shared/forecast.ts';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  makeAccount,
  makeForecast,
  makeReading,
  makeState,
  NOW,
} from '../../testing/fixtures.ts';
import { never, renderApp } from '../../testing/render-app.tsx';

const card = async (name: string) => within(await screen.findByRole('article', { name }));
const show = (...accounts: AccountView[]) => renderApp('#/accounts', { state: makeState({ accounts }) });
const week = makeForecast({ bucket: '7d', label: 'week', emptyAt: NOW + 2 * DAY, resetAt: NOW + 3 * DAY });

describe('the outlook of an account', () => {
  it('is that of the window that runs out first', async () => {
    show(makeAccount({ forecasts: [week, makeForecast({ emptyAt: NOW + 100 * MINUTE })] }));
    const line = (await card('work')).getByText(/^At this pace/);
    expect(line.textContent).toMatch(/its 5-hour window is empty 16:40 \(in 1 h 40 min\).* and resets 17:12/);
    expect(line.textContent).toContain('from many readings');
  });

  it('says of a window that is refused already until when, and foretells nothing of it', async () => {
    const opus = { bucket: '7d_opus', label: 'Opus week', emptyAt: NOW, resetAt: NOW + 100 * MINUTE };
    show(makeAccount({ forecasts: [week, makeForecast(opus)] }));
    const line = (await card('work')).getByText(/^Its Opus week/);
    expect(line.textContent).toMatch(/^Its Opus week is used up until .*16:40/);
  });

  it('is good when everything lasts, and absent when nothing is known or it cannot serve', async () => {
    const unknown = makeForecast({ confidence: 'none' });
    show(
      makeAccount({ forecasts: [makeForecast()] }),
      makeAccount({ id: 'b', name: 'silent', forecasts: [unknown] }),
      makeAccount({ id: 'c', name: 'out', state: 'spent', forecasts: [week] }),
    );
    expect(
      (await card('work')).getByText('At this pace all its windows last until they reset.'),
    ).toBeDefined();
    expect((await card('silent')).queryByText(/At this pace/)).toBeNull();
    expect((await card('out')).queryByText(/At this pace/)).toBeNull();
  });

  it('names what it cost this month, and paid overage by its name', async () => {
    show(
      makeAccount({ id: 'k', name: 'key', kind: 'api-key', spentThisMonthNanoUsd: 12_400_000_000 }),
      makeAccount({ id: 's', name: 'sub', spentThisMonthNanoUsd: 3_100_000_000 }),
      makeAccount({ id: 'n', name: 'none' }),
    );
    expect((await card('key')).getByText('$12.40 this month')).toBeDefined();
    expect((await card('sub')).getByText('$3.10 paid overage this month')).toBeDefined();
    expect((await card('none')).queryByText(/this month/)).toBeNull();
  });

  it('tells the state of the slow lane, also when no window has told a number', async () => {
    const slow = {
      ...makeReading('slow', 'slow lane', 0, NOW),
      utilisation: null,
      status: 'active',
      resetAt: null,
    };
    show(makeAccount({ readings: [slow] }));
    expect((await card('work')).getByText('Slow lane: active')).toBeDefined();
  });

  it('says once, not for each window, that there are too few readings for a forecast', async () => {
    const unknown = makeForecast({ confidence: 'none' });
    const readings = [
      makeReading('5h', '5-hour window', 0.3, NOW + HOUR),
      makeReading('7d', 'week', 0.4, NOW + DAY),
    ];
    show(
      makeAccount({ readings, forecasts: [unknown, { ...unknown, bucket: '7d' }] }),
      makeAccount({
        id: 'b',
        name: 'half',
        readings,
        forecasts: [makeForecast(), { ...unknown, bucket: '7d' }],
      }),
    );
    const silent = await card('work');
    expect(silent.getByText('Too few readings yet to say how long they last.')).toBeDefined();
    expect(silent.queryByText('too few readings to say how long it lasts')).toBeNull();
    const half = await card('half');
    expect(half.getByText('too few readings to say how long it lasts')).toBeDefined();
    expect(half.queryByText(/^Too few readings yet/)).toBeNull();
  });

  it('says with whom it shares its limits', async () => {
    show(makeAccount({ sharesLimitsWith: ['b', 'gone'] }), makeAccount({ id: 'b', name: 'second' }));
    expect((await card('work')).getByText('Shares its limits with second (same organisation)')).toBeDefined();
    expect((await card('second')).queryByText(/Shares its limits/)).toBeNull();
  });
});

describe('the history of limits', () => {
  const points = (count: number, share: number) =>
    Array.from({ length: count }, (_, index) => ({
      at: NOW - (count - index) * 10 * MINUTE,
      utilisation: (share * (index + 1)) / count,
      resetAt: null,
    }));
  const history: LimitHistory = {
    series: [
      { bucket: '5h', label: '5-hour window', points: points(3, 0.42) },
      { bucket: '7d_opus', label: 'Opus week', points: points(200, 0.83) },
    ],
  };
  const open = async (options: Parameters<typeof renderApp>[1]) => {
    const app = renderApp('#/accounts', { state: makeState({ accounts: [makeAccount()] }), ...options });
    await app.user.click(await screen.findByRole('button', { name: 'History of the limits of work' }));
    return {
      ...app,
      dialog: within(await screen.findByRole('dialog', { name: 'Limits of work over time' })),
    };
  };

  it('begins with the window that is the fullest, and says it in a table of bounded length', async () => {
    const { bridge, dialog } = await open({ history });
    const table = within(await dialog.findByRole('table', { name: 'Opus week: share used' }));
    const rows = table.getAllByRole('row');
    expect(rows).toHaveLength(49);
    expect(rows.at(-1)?.textContent).toContain('83 %');
    const argument = { accountId: 'acc-work', from: NOW - 24 * HOUR, to: NOW };
    expect(bridge.argumentsOf('limits.history')).toEqual([argument]);
  });

  it('shows another window and a longer time on demand', async () => {
    const { bridge, dialog, user } = await open({ history });
    await user.click(await dialog.findByRole('combobox', { name: 'Limit' }));
    await user.click(await screen.findByRole('option', { name: '5-hour window' }));
    expect(await dialog.findByRole('table', { name: '5-hour window: share used' })).toBeDefined();
    await user.click(dialog.getByRole('combobox', { name: 'Time' }));
    await user.click(await screen.findByRole('option', { name: 'Last 8 days' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('limits.history').at(-1)).toMatchObject({ from: NOW - 8 * DAY }),
    );
  });

  it('says when there is nothing, and what failed', async () => {
    const { dialog } = await open({ history: { series: [] } });
    expect(await dialog.findByText('No reading in this time.')).toBeDefined();
  });

  it('keeps its shape while loading and tries again after an error', async () => {
    let broken = true;
    const { dialog, user } = await open({
      handlers: {
        'limits.history': () => {
          if (broken) throw new BridgeFailure('thread_down', 'The engine is restarting.');
          return history;
        },
      },
    });
    expect(await dialog.findByText(/The engine is restarting/)).toBeDefined();
    broken = false;
    await user.click(dialog.getByRole('button', { name: 'Try again' }));
    expect(await dialog.findByRole('table')).toBeDefined();
  });

  it('closes with Esc and gives the focus back', async () => {
    const { user } = await open({ handlers: { 'limits.history': never } });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement?.textContent).toContain('History'));
  });
});
