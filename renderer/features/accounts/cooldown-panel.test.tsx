import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { CooldownView } from '../../../shared/account.ts';
import { makeAccount, makeState, NOW } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

const card = async (name: string) => within(await screen.findByRole('article', { name }));

function show(changes: Partial<CooldownView>) {
  const cooldown: CooldownView = {
    bucket: '*',
    reasonCode: 'account_refused',
    reason: 'The provider refuses the account.',
    startedAt: NOW,
    until: null,
    evidence: [],
    probing: false,
    ...changes,
  };
  return renderApp('#/accounts', {
    state: makeState({ accounts: [makeAccount({ cooldowns: [cooldown] })] }),
  });
}

describe('the cooldown inspector', () => {
  it('says cause, evidence, since when and until when, and counts down', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: NOW });
    const { user } = renderApp('#/accounts');
    const own = await card('lab');
    const bench = within(own.getByRole('region', { name: 'Cooldown of whole account' }));
    expect(bench.getByText('42 s left')).toBeDefined();
    act(() => {
      vi.advanceTimersByTime(2000);
    });
    expect(bench.getByText('40 s left')).toBeDefined();
    expect(bench.queryByText('Cause')).toBeNull();
    await user.click(bench.getByRole('button', { name: 'Inspect whole account' }));
    expect(bench.getByText('overloaded')).toBeDefined();
    expect(bench.getByText('retry-after: 54')).toBeDefined();
    expect(bench.getByText(/^14 s ago/)).toBeDefined();
    expect(bench.getByText(/in 40 s/)).toBeDefined();
  });

  it('lets one request try it, says so, and keeps the focus', async () => {
    const { bridge, user } = renderApp('#/accounts');
    const own = await card('private');
    await user.click(own.getByRole('button', { name: 'Inspect 5-hour window' }));
    expect(own.getByText(/a refusal brings the cooldown back; Clear forgets it/)).toBeDefined();
    const button = own.getByRole('button', { name: 'Try now' });
    await user.click(button);
    expect(await own.findByText(/Being tried/)).toBeDefined();
    expect(document.activeElement).toBe(button);
    await user.keyboard('{Enter}');
    expect(bridge.argumentsOf('accounts.tryNow')).toEqual([{ id: 'acc-private', bucket: '5h' }]);
  });

  it('can be cleared by keyboard alone', async () => {
    const { bridge, user } = renderApp('#/accounts');
    const own = await card('private');
    own.getByRole('button', { name: 'Inspect 5-hour window' }).focus();
    await user.keyboard('{Enter}{Tab}{Tab}{Enter}');
    expect(bridge.argumentsOf('accounts.clearCooldown')).toEqual([{ id: 'acc-private', bucket: '5h' }]);
    await waitFor(() => expect(own.queryByText('Cause')).toBeNull());
  });

  it.each([true, false])('says of an end whether it is a guess: %s', async (guessed) => {
    const { user } = show({ until: NOW + 300_000, guessed });
    const own = await card('work');
    await user.click(own.getByRole('button', { name: 'Inspect whole account' }));
    expect(own.queryAllByText(/a guess: the provider named no end/).length).toBe(guessed ? 1 : 0);
  });

  it('explains an end that nobody knows', async () => {
    const { user } = show({});
    const own = await card('work');
    expect(own.getByText('No end is known')).toBeDefined();
    await user.click(own.getByRole('button', { name: 'Inspect whole account' }));
    expect(own.getByText(/the provider named no end/)).toBeDefined();
    expect(own.getByText('nothing recorded')).toBeDefined();
  });

  it.each([
    ['model:claude-opus-4-8', 'Cooldown of model claude-opus-4-8'],
    ['model:claude-opus-4-8[1m]', 'Cooldown of model claude-opus-4-8 with long context'],
    ['7d_opus', 'Cooldown of Opus week'],
    ['7d_new_thing', 'Cooldown of 7d new thing'],
    ['7d_opus/claude-opus-4-8', 'Cooldown of Opus week, model claude-opus-4-8'],
  ])('names what %s covers', async (bucket, name) => {
    show({ bucket });
    expect((await card('work')).getByRole('region', { name })).toBeDefined();
  });
});
