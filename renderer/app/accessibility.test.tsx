import { act, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { HOUR, makeEmptyState, makeState, NOW } from '../testing/fixtures.ts';
import { type RenderedApp, renderApp } from '../testing/render-app.tsx';
import { makeRow } from '../testing/request-fixtures.ts';
import { makeSessions } from '../testing/session-fixtures.ts';
import { openDialog } from './dialog-slot.ts';

/** Colours need a layout and are checked in a real browser. */
const RULES = { 'color-contrast': { enabled: false } };

async function seriousIssues({ container }: RenderedApp): Promise<string[]> {
  const { violations } = await axe.run(container.ownerDocument.body, { rules: RULES });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

describe('no serious accessibility issue', () => {
  it.each([
    ['#/overview', 'You can keep working'],
    ['#/sessions', 'Sessions'],
    ['#/requests', 'Requests'],
    [`#/requests/${makeRow(1).id}`, 'Attempts'],
    ['#/accounts', 'Accounts'],
    ['#/clients', 'Other clients'],
    ['#/settings', 'Settings'],
  ])('on %s', async (hash, heading) => {
    const app = renderApp(hash, { sessions: makeSessions() });
    await screen.findByRole('heading', { name: heading });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('on the board of sessions with its moves and a wish', async () => {
    const app = renderApp('#/sessions', { sessions: makeSessions() });
    await app.user.click(await screen.findByRole('button', { name: /2 moves/ }));
    await screen.findByText(/2 moves of session/);
    expect(await seriousIssues(app)).toEqual([]);
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByText(/2 moves of session/)).toBeNull());
    await app.user.keyboard('m');
    await screen.findByRole('dialog', { name: 'Move session 7f3a9c12' });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it.each([
    ['#/overview', 'Set up ccflare'],
    ['#/sessions', 'No sessions in this time'],
    ['#/requests', 'No requests yet'],
    ['#/accounts', 'No accounts yet'],
  ])('on an empty %s', async (hash, heading) => {
    const app = renderApp(hash, { state: makeEmptyState(), rows: [] });
    await screen.findByRole('heading', { name: heading });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('in the palette and the add dialog', async () => {
    const app = renderApp('#/accounts');
    await screen.findByRole('heading', { name: 'Accounts' });
    await app.user.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox', { name: 'Search commands' });
    expect(await seriousIssues(app)).toEqual([]);
    await app.user.keyboard('add account{Enter}');
    await screen.findByRole('dialog', { name: 'Add account' });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('in the first start once an account is there', async () => {
    const app = renderApp('#/overview', { rows: [] });
    await screen.findByRole('button', { name: 'Run connection test' });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('in the set-up of Claude Code and in the import', async () => {
    const app = renderApp('#/clients');
    await app.user.click(await screen.findByRole('button', { name: 'Set up Claude Code…' }));
    await screen.findByRole('region', { name: 'Changes' });
    expect(await seriousIssues(app)).toEqual([]);
    act(() => openDialog({ kind: 'import' }));
    await app.user.click(await screen.findByRole('button', { name: /48 MB/ }));
    await screen.findByRole('group', { name: 'Accounts' });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('in the inspector of a cooldown and in the history of limits', async () => {
    const points = [1, 2, 3].map((hour) => ({
      at: NOW - hour * HOUR,
      utilisation: hour / 10,
      resetAt: null,
    }));
    const history = { series: [{ bucket: '5h', label: '5-hour window', points }] };
    const app = renderApp('#/accounts', { history });
    await app.user.click(await screen.findByRole('button', { name: 'Inspect 5-hour window' }));
    expect(await seriousIssues(app)).toEqual([]);
    await app.user.click(screen.getByRole('button', { name: 'History of the limits of work' }));
    await screen.findByRole('table', { name: '5-hour window: share used' });
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('in settings whose accounts are gone and whose rows are edited', async () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      pinnedAccountId: 'acc-gone',
      fallbackAccountId: 'acc-api',
      modelRoutes: [{ model: 'claude-*', accountId: 'acc-gone' }],
    };
    const app = renderApp('#/settings', { state: makeState({ settings }) });
    await app.user.click(await screen.findByRole('button', { name: 'Add a route' }));
    expect(await seriousIssues(app)).toEqual([]);
  });

  it('in the choice of how keys are kept', async () => {
    const vault = { ...makeState().vault, phase: 'choice-needed' as const, mode: null };
    const app = renderApp('#/overview', { state: makeState({ vault }) });
    await screen.findByRole('dialog', { name: 'How should account keys be kept?' });
    expect(await seriousIssues(app)).toEqual([]);
  });
});
