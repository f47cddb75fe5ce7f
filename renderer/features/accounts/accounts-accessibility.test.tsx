import { screen } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { DialogRequest } from '../../app/dialog-slot.ts';
import { openDialog } from '../../app/dialog-slot.ts';
import { makeAccount, makeIdentity, makeSignIn, makeState, NOW } from '../../testing/fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

/** Colours need a layout and are checked in a real browser. */
const RULES = { 'color-contrast': { enabled: false } };

async function seriousIssues(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: RULES });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

const account = makeAccount({
  state: 'sign-in-needed',
  usageCheck: { checkedAt: NOW, nextAt: NOW + 60_000, error: 'Busy.' },
  modelMap: { a: 'b' },
});
const accountId = account.id;

describe('no serious accessibility issue', () => {
  it.each<DialogRequest>([
    { kind: 'add-account' },
    { kind: 'add-account', way: 'api-key' },
    { kind: 'add-account', way: 'subscription' },
    { kind: 'add-account', way: 'setup-token' },
    { kind: 'add-account', way: 'gateway' },
    { kind: 'sign-in', accountId },
    { kind: 'replace-token', accountId },
    { kind: 'account-endpoint', accountId },
    { kind: 'remove-account', accountId },
  ])('in the dialog $kind $way', async (request) => {
    renderApp('#/accounts', { state: makeState({ accounts: [account] }) });
    await screen.findByRole('heading', { name: 'Accounts' });
    openDialog(request);
    await screen.findByRole('dialog');
    expect(await seriousIssues()).toEqual([]);
  });

  it.each([
    makeSignIn(),
    makeSignIn({ way: 'paste' }),
    makeSignIn({ phase: 'exchanging' }),
    makeSignIn({ phase: 'confirm', identity: makeIdentity(), suggestedName: 'sam' }),
    makeSignIn({ phase: 'confirm', duplicateOf: { id: accountId, name: account.name } }),
  ])('in a sign-in at $phase by $way', async (signIn) => {
    renderApp('#/accounts', { state: makeState({ accounts: [account], signIn }) });
    await screen.findByRole('dialog');
    expect(await seriousIssues()).toEqual([]);
  });
});
