import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { PoolState } from '../../../shared/app-state.ts';
import { DAY, makeState, NOW } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

async function show(pool: Partial<PoolState>) {
  renderApp('#/overview', { state: makeState({ pool: { ...makeState().pool, ...pool } }) });
  return within(await screen.findByRole('region', { name: 'State' }));
}

const forecast: PoolState['forecast'] = {
  hoursLeft: 9,
  confidence: 'fair',
  words: 'About 9 h of work left at today’s pace.',
  expiring: null,
};

describe('what is ahead', () => {
  it('is said in the words of the pool, with how far they can be trusted', async () => {
    const state = await show({ forecast });
    expect(state.getByText(/^About 9 h of work left/).textContent).toContain(
      'from a fair number of readings',
    );
  });

  it('is honest when nobody can say', async () => {
    const state = await show({});
    expect(state.getByText(/^Too few readings/)).toBeDefined();
  });

  it('names the week that will expire unused', async () => {
    const expiring = { accountId: 'acc-private', bucket: '7d', unusedShare: 0.62, resetAt: NOW + 2 * DAY };
    const state = await show({ forecast: { ...forecast, expiring } });
    const line = state.getByText(/use it or lose it/);
    expect(line.textContent).toMatch(/^The week of private ends Sat 15:00 \(in 2 d\).* about 62 % unused/);
    expect(state.getByRole('link', { name: 'private' }).getAttribute('href')).toBe('#/accounts/acc-private');
  });

  it('says nothing of the week of an account that is gone', async () => {
    const expiring = { accountId: 'acc-gone', bucket: '7d', unusedShare: 0.62, resetAt: NOW + 2 * DAY };
    const state = await show({ forecast: { ...forecast, expiring } });
    expect(state.queryByText(/use it or lose it/)).toBeNull();
  });

  it('counts down while nobody can serve, and says how many requests are waiting', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: NOW });
    const backAt = NOW + 42_000;
    const state = await show({ phase: 'cooling', canServe: 0, nextAccountId: null, backAt, held: 3 });
    const headline = state.getByRole('heading', { level: 1 });
    expect(headline.textContent).toMatch(/^The first account is back at 15:00 \(in 42 s\)/);
    act(() => {
      vi.advanceTimersByTime(2000);
    });
    expect(headline.textContent).toMatch(/\(in 40 s\)/);
    expect(state.getByText('3 requests are held until then')).toBeDefined();
  });
});
