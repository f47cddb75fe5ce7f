import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { AppState } from '../../../shared/app-state.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { makeClaudeCodeOn, makeClientsReport } from '../../testing/client-fixtures.ts';
import type { FakeOptions } from '../../testing/fake-bridge.ts';
import { makeAccount, makeClientKey, makeEmptyState, makeState, NOW } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';
import { makeRow } from '../../testing/request-fixtures.ts';

const UNUSED_KEY = makeClientKey({ lastUsedAt: null });

/** One account, and nothing pointed here yet. */
function withAccount(overrides: Partial<AppState> = {}): AppState {
  return makeState({ accounts: [makeAccount()], clientKeys: [UNUSED_KEY], ...overrides });
}

function firstStart(options: Partial<FakeOptions> = {}) {
  return renderApp('#/overview', { state: withAccount(), rows: [], ...options });
}

const step = async (title: string) => {
  const heading = await screen.findByRole('heading', { level: 2, name: new RegExp(`^${title}`) });
  const item = heading.closest('li')!;
  return { ...within(item), state: () => item.getAttribute('data-state') };
};

const isGone = () => expect(screen.queryByRole('heading', { name: 'Set up ccflare' })).toBeNull();

describe('first start', () => {
  it('begins with an account, by any way, and leaves the rest for later', async () => {
    const { user } = firstStart({ state: makeEmptyState() });
    const account = await step('Add an account');
    expect(account.state()).toBe('now');
    expect((await step('Point your client here')).state()).toBe('later');
    expect((await step('See the first request')).state()).toBe('later');
    await user.click(account.getByRole('button', { name: 'Import from ccflare…' }));
    expect(await screen.findByRole('dialog', { name: 'Import from ccflare' })).toBeDefined();
    await user.keyboard('{Escape}');
    await user.click(account.getByRole('button', { name: 'Add account' }));
    expect(await screen.findByRole('dialog', { name: 'Add account' })).toBeDefined();
  });

  it('takes the history of an older program for what it is: nothing has come here yet', async () => {
    const rows = [makeRow(0, { imported: true })];
    const { bridge } = firstStart({ rows });
    expect((await step('Point your client here')).state()).toBe('now');
    expect((await step('See the first request')).state()).toBe('now');
    expect(screen.queryByRole('heading', { name: 'All set' })).toBeNull();
    act(() => bridge.record([makeRow(0, { id: 'own' })]));
    expect(await screen.findByRole('heading', { name: 'All set' })).toBeDefined();
  });

  it('ticks the account off when one can serve, and not before', async () => {
    const locked = makeAccount({ state: 'sign-in-needed', reason: 'Its login was refused.' });
    const { bridge } = firstStart({ state: withAccount({ accounts: [locked] }) });
    const account = await step('Add an account');
    expect(account.state()).toBe('now');
    expect(account.getByText('Its login was refused.')).toBeDefined();
    act(() => bridge.change({ accounts: [makeAccount({ state: 'ready' })] }));
    await waitFor(() => expect(account.state()).toBe('done'));
    expect(account.getByText('Ready')).toBeDefined();
    expect(account.queryByRole('button', { name: 'Add account' })).toBeNull();
  });

  it('sets Claude Code up after showing the change, and says what it uses then', async () => {
    const { bridge, user } = firstStart();
    const client = await step('Point your client here');
    await user.click(await client.findByRole('button', { name: 'Set up Claude Code…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Set up Claude Code' }));
    expect(await dialog.findByText(/"ANTHROPIC_BASE_URL":/)).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Set up' }));
    await waitFor(() => expect(bridge.argumentsOf('clients.apply')).toHaveLength(1));
    await waitFor(() => expect(client.state()).toBe('done'));
    expect(client.getByText('Claude Code uses ccflare at 127.0.0.1:8459.')).toBeDefined();
  });

  it('takes any other client, too: its set-up is copied, and its key in use proves it', async () => {
    const { bridge, user } = firstStart();
    const client = await step('Point your client here');
    await user.click(await client.findByText('Another client, or a shell'));
    await user.click(client.getByRole('button', { name: 'Copy' }));
    expect(bridge.argumentsOf('clipboard.copy')).toEqual([
      { what: 'snippet', target: 'bash', keyId: 'key-default' },
    ]);
    expect(client.state()).toBe('now');
    act(() => bridge.change({ clientKeys: [makeClientKey({ lastUsedAt: NOW })] }));
    await waitFor(() => expect(client.state()).toBe('done'));
    expect(client.getByText('A client has come here with the key “default”.')).toBeDefined();
  });

  it('says when something keeps clients away', async () => {
    firstStart();
    const client = await step('Point your client here');
    expect(await client.findByRole('link', { name: /1 thing keeps clients away/ })).toBeDefined();
  });

  it('shows the first request the moment it is recorded, then that all is set', async () => {
    const { bridge, user } = firstStart();
    const request = await step('See the first request');
    expect(request.getByText(/Waiting for it/)).toBeDefined();
    act(() => bridge.record([makeRow(0, { id: 'first', costNanoUsd: 12_300_000 })]));
    const row = await request.findByRole('link', { name: /claude-opus-4-8/ });
    expect(row.textContent).toContain('on work');
    expect(row.textContent).toContain('worth $0.0123, not spent');
    expect(row.getAttribute('href')).toBe('#/requests/first');
    expect(request.state()).toBe('done');
    expect(await screen.findByRole('heading', { name: 'All set' })).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Skip for now' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Open the overview' }));
    expect(bridge.argumentsOf('settings.patch')).toEqual([{ onboarding: 'done' }]);
    expect(await screen.findByRole('heading', { name: 'You can keep working' })).toBeDefined();
    isGone();
  });

  it('keeps showing the first request when others follow', async () => {
    const { bridge } = firstStart();
    const request = await step('See the first request');
    act(() => bridge.record([makeRow(0, { id: 'first' })]));
    await request.findByRole('link', { name: /claude-opus-4-8/ });
    act(() => bridge.record([makeRow(1, { id: 'second' })]));
    expect(request.getAllByRole('link')).toHaveLength(1);
    expect(request.getByRole('link').getAttribute('href')).toBe('#/requests/first');
  });

  it('does not take a request that failed for the proof', async () => {
    const { bridge } = firstStart();
    const request = await step('See the first request');
    act(() => bridge.record([makeRow(0, { status: 502, terminal: 'failed', usage: null })]));
    expect(await request.findByText(/was not answered well/)).toBeDefined();
    expect(request.state()).toBe('now');
    expect(screen.queryByRole('heading', { name: 'All set' })).toBeNull();
  });

  it('runs the connection test in place', async () => {
    const { user } = firstStart();
    const request = await step('See the first request');
    await user.click(request.getByRole('button', { name: 'Run connection test' }));
    expect(await request.findByText(/Everything works/)).toBeDefined();
  });

  it('does not take requests of that test for those of a client', async () => {
    const { bridge } = firstStart();
    const [client, request] = [await step('Point your client here'), await step('See the first request')];
    const test = makeRow(0, { id: 'test', client: 'ccflare-connection-test' });
    act(() => bridge.change({ clientKeys: [makeClientKey({ lastUsedAt: NOW })] }));
    act(() => bridge.record([test]));
    await waitFor(() => expect(client.state()).toBe('now'));
    expect(request.state()).toBe('now');
    expect(request.queryByRole('link')).toBeNull();
    expect(screen.queryByRole('heading', { name: 'All set' })).toBeNull();
    act(() => bridge.record([makeRow(1, { id: 'first' })]));
    await waitFor(() => expect(request.state()).toBe('done'));
    expect(client.state()).toBe('done');
  });

  it('offers the switch when the proxy is off', async () => {
    const proxy = { ...makeState().proxy, phase: 'stopped' as const };
    const { bridge, user } = firstStart({ state: withAccount({ proxy }) });
    const request = await step('See the first request');
    await user.click(request.getByRole('button', { name: 'Switch on' }));
    expect(bridge.argumentsOf('proxy.setEnabled')).toEqual([{ enabled: true }]);
    expect(await request.findByText(/Waiting for it/)).toBeDefined();
  });

  it('stays over a look at another page, also after a request that failed', async () => {
    const { bridge, user } = firstStart();
    await screen.findByRole('heading', { name: 'Set up ccflare' });
    act(() => bridge.record([makeRow(0, { status: 502, terminal: 'failed', usage: null })]));
    await user.keyboard('{Control>}4{/Control}');
    await screen.findByRole('heading', { name: 'Accounts' });
    await user.keyboard('{Control>}1{/Control}');
    expect(await screen.findByRole('heading', { name: 'Set up ccflare' })).toBeDefined();
  });
});

describe('skipping', () => {
  it('shows the normal overview with a way back, which resumes', async () => {
    const { bridge, user } = firstStart();
    await user.click(await screen.findByRole('button', { name: 'Skip for now' }));
    expect(await screen.findByRole('heading', { name: 'You can keep working' })).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Finish set-up' }));
    expect(await screen.findByRole('heading', { name: 'Set up ccflare' })).toBeDefined();
    expect((await step('Add an account')).state()).toBe('done');
    expect(bridge.argumentsOf('settings.patch')).toEqual([{ onboarding: 'skipped' }, { onboarding: 'open' }]);
  });

  it('leaves an empty overview with the button it needs', async () => {
    const state = makeEmptyState();
    const settings = { ...DEFAULT_SETTINGS, onboarding: 'skipped' as const };
    firstStart({ state: { ...state, settings } });
    expect(await screen.findByRole('heading', { name: 'No accounts yet' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Add account' })).toBeDefined();
  });

  it('needs no way back once a request was answered', async () => {
    const settings = { ...DEFAULT_SETTINGS, onboarding: 'skipped' as const };
    firstStart({ state: withAccount({ settings }), rows: [makeRow(0)] });
    await screen.findByRole('heading', { name: 'You can keep working' });
    expect(screen.queryByRole('button', { name: 'Finish set-up' })).toBeNull();
  });
});

describe('an installation in use', () => {
  it('never meets it, with or without accounts', async () => {
    const { bridge } = firstStart({ rows: [makeRow(0, { status: 502, terminal: 'failed', usage: null })] });
    await screen.findByRole('heading', { name: 'You can keep working' });
    const { accounts, pool } = makeEmptyState();
    act(() => bridge.change({ accounts, pool }));
    expect(await screen.findByRole('heading', { name: 'No accounts yet' })).toBeDefined();
    isGone();
  });
});

describe('keyboard', () => {
  it('goes from the account to the end without a mouse', async () => {
    const { bridge, user } = firstStart({
      clients: makeClientsReport({ claudeCode: makeClaudeCodeOn(), findings: [] }),
    });
    await screen.findByRole('heading', { name: 'Set up ccflare' });
    act(() => bridge.record([makeRow(0)]));
    const finish = await screen.findByRole('button', { name: 'Open the overview' });
    for (let steps = 0; steps < 60 && document.activeElement !== finish; steps += 1) await user.tab();
    await user.keyboard('{Enter}');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await waitFor(() => expect(document.activeElement?.id).toBe('main'));
  });
});
