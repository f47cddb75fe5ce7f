import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { type RenderedApp, renderApp } from '../../testing/render-app.tsx';

const theDialog = async (name: string | RegExp) => within(await screen.findByRole('dialog', { name }));

async function openDialog({ user }: RenderedApp) {
  await user.click(await screen.findByRole('button', { name: 'Add account' }));
  return await theDialog('Add account');
}

async function openWay(app: RenderedApp, way: string, title: RegExp) {
  const dialog = await openDialog(app);
  await app.user.click(dialog.getByRole('radio', { name: way }));
  await app.user.click(dialog.getByRole('button', { name: 'Continue' }));
  return await theDialog(title);
}

const openKeyWay = (app: RenderedApp) => openWay(app, 'API key recommended', /by API key/);

describe('the ways to add an account', () => {
  it('are explained, the recommended one first and chosen', async () => {
    const dialog = await openDialog(renderApp('#/accounts'));
    const radios = dialog.getAllByRole<HTMLInputElement>('radio');
    expect(radios.map((radio) => radio.value)).toEqual([
      'api-key',
      'subscription',
      'console',
      'setup-token',
      'gateway',
      'import',
    ]);
    expect(dialog.getByRole<HTMLInputElement>('radio', { name: 'API key recommended' }).checked).toBe(true);
    for (const radio of radios) {
      const sentence = document.getElementById(radio.getAttribute('aria-describedby') ?? '');
      expect(sentence?.textContent).toMatch(/\.$/);
    }
  });

  it('are chosen and left by keyboard alone; the focus never gets lost', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    const first = dialog.getByRole('radio', { name: 'API key recommended' });
    await waitFor(() => expect(document.activeElement).toBe(first));
    await app.user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await theDialog(/by console login/);
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Open sign-in window' })),
    );
    await app.user.tab({ shift: true });
    await app.user.tab({ shift: true });
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Back' }));
    await app.user.keyboard('{Enter}');
    await theDialog('Add account');
    expect(document.activeElement).toBe(screen.getByRole('radio', { name: 'Console login' }));
    await app.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('begin each step at its top, however far the one before was scrolled', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    await app.user.click(dialog.getByRole('radio', { name: 'Gateway or compatible provider' }));
    screen.getByRole('dialog').scrollTop = 90;
    await app.user.click(dialog.getByRole('button', { name: 'Continue' }));
    await theDialog(/of a gateway/);
    expect(screen.getByRole('dialog').scrollTop).toBe(0);
  });

  it('keep what was typed when going back and another way', async () => {
    const app = renderApp('#/accounts');
    let dialog = await openKeyWay(app);
    await app.user.type(dialog.getByLabelText('Name'), 'team');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001');
    await app.user.click(dialog.getByRole('button', { name: 'Back' }));
    dialog = await theDialog('Add account');
    await app.user.click(dialog.getByRole('radio', { name: 'Setup token' }));
    await app.user.keyboard('{Enter}');
    dialog = await theDialog(/by setup token/);
    await app.user.click(dialog.getByRole('checkbox'));
    await app.user.click(dialog.getByRole('button', { name: 'Back' }));
    dialog = await theDialog('Add account');
    await app.user.click(dialog.getByRole('radio', { name: 'API key recommended' }));
    await app.user.keyboard('{Enter}');
    dialog = await theDialog(/by API key/);
    expect(dialog.getByLabelText<HTMLInputElement>('Name').value).toBe('team');
    expect(dialog.getByLabelText<HTMLInputElement>('API key').value).toBe('sk-ant-test-0001');
  });

  it('are not thrown away by the palette', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openKeyWay(app);
    await app.user.type(dialog.getByLabelText('Name'), 'team');
    await app.user.keyboard('{Control>}k{/Control}');
    expect(screen.queryByRole('combobox', { name: 'Search commands' })).toBeNull();
    expect(dialog.getByLabelText<HTMLInputElement>('Name').value).toBe('team');
  });

  it('lead to the import', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openDialog(app);
    await app.user.click(dialog.getByRole('radio', { name: 'Import from ccflare' }));
    await app.user.keyboard('{Enter}');
    await theDialog(/Import/);
  });

  it.each([
    ['add api key', /by API key/],
    ['add subscription', /by subscription login/],
    ['add console', /by console login/],
    ['add setup token', /by setup token/],
    ['add gateway', /of a gateway/],
  ])('are reached from the palette: %s', async (search, title) => {
    const { user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await user.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox', { name: 'Search commands' });
    await user.keyboard(`${search}{Enter}`);
    await theDialog(title);
  });
});

describe('an API key', () => {
  it('says what is missing in the words of the contract', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openKeyWay(app);
    await app.user.type(dialog.getByLabelText('API key'), 'short');
    await app.user.click(dialog.getByRole('button', { name: 'Add account' }));
    expect(dialog.getByText('Give the account a name.')).toBeDefined();
    expect(dialog.getByText('That is too short for an API key.')).toBeDefined();
    expect(dialog.getByLabelText('API key').getAttribute('aria-invalid')).toBe('true');
    await app.user.clear(dialog.getByLabelText('API key'));
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-oat01-0123456789');
    await app.user.click(dialog.getByRole('button', { name: 'Add account' }));
    expect(dialog.getByText(/the token of a subscription: add it as a setup token/)).toBeDefined();
    expect(app.bridge.argumentsOf('accounts.add')).toEqual([]);
  });

  it('is never shown, and only what was filled in is sent', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openKeyWay(app);
    expect(dialog.getByLabelText('API key').getAttribute('type')).toBe('password');
    await app.user.type(dialog.getByLabelText('Name'), 'team');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('accounts.add')).toEqual([{ name: 'team', apiKey: 'sk-ant-test-0001' }]);
  });

  it('can come with a priority within bounds', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openKeyWay(app);
    await app.user.type(dialog.getByLabelText('Name'), 'team');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001');
    await app.user.click(dialog.getByRole('button', { name: 'More options' }));
    await app.user.type(dialog.getByLabelText('Priority'), '1000{Enter}');
    expect(dialog.getByText(/whole number from 0 to 999/)).toBeDefined();
    await app.user.clear(dialog.getByLabelText('Priority'));
    await app.user.type(dialog.getByLabelText('Priority'), '5{Enter}');
    await waitFor(() =>
      expect(app.bridge.argumentsOf('accounts.add')).toEqual([
        { name: 'team', apiKey: 'sk-ant-test-0001', priority: 5 },
      ]),
    );
  });

  it('shows a name that is taken at the name, and any other refusal above the buttons', async () => {
    const app = renderApp('#/accounts', {
      handlers: {
        'accounts.add': ({ name }) => {
          if (name === 'work') throw new BridgeFailure('name_taken', 'An account has that name already.');
          throw new BridgeFailure('vault_locked', 'The accounts are locked. Unlock them first.');
        },
      },
    });
    const dialog = await openKeyWay(app);
    await app.user.type(dialog.getByLabelText('Name'), 'work');
    await app.user.type(dialog.getByLabelText('API key'), 'sk-ant-test-0001{Enter}');
    expect(await dialog.findByText(/has that name already/)).toBeDefined();
    expect(dialog.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true');
    expect(dialog.getAllByRole('alert')).toHaveLength(1);
    await app.user.type(dialog.getByLabelText('Name'), '2{Enter}');
    expect(await dialog.findByText('The accounts are locked. Unlock them first.')).toBeDefined();
    expect(dialog.getByLabelText('Name').getAttribute('aria-invalid')).toBe('false');
  });
});

describe('a setup token', () => {
  it('is taken only after the notice was agreed to', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openWay(app, 'Setup token', /by setup token/);
    const box = dialog.getByRole<HTMLInputElement>('checkbox');
    const add = dialog.getByRole<HTMLButtonElement>('button', { name: 'Add account' });
    expect(box.checked).toBe(false);
    expect(add.disabled).toBe(true);
    expect(dialog.getByText('Agree to the notice first.')).toBeDefined();
    await app.user.type(dialog.getByLabelText('Name'), 'laptop');
    await app.user.type(dialog.getByLabelText('Setup token'), 'sk-ant-oat01-0123456789{Enter}');
    expect(app.bridge.argumentsOf('accounts.addSetupToken')).toEqual([]);
    await app.user.click(box);
    expect(add.disabled).toBe(false);
    expect(dialog.queryByText('Agree to the notice first.')).toBeNull();
    await app.user.click(add);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(app.bridge.argumentsOf('accounts.addSetupToken')).toEqual([
      { name: 'laptop', token: 'sk-ant-oat01-0123456789', consent: true },
    ]);
    const card = within(await screen.findByRole('article', { name: 'laptop' }));
    expect(card.getByText(/cannot be renewed; when it ends is not known/)).toBeDefined();
  });

  it('comes with a notice that names what is at stake and links to the terms', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openWay(app, 'Setup token', /by setup token/);
    const notice = within(dialog.getByRole('region', { name: /Notice/ }));
    expect(notice.getByText(/reserve such logins for its own apps/)).toBeDefined();
    expect(notice.getByText(/may limit or close an account/)).toBeDefined();
    await app.user.click(notice.getByRole('button', { name: /says about logins/ }));
    await app.user.click(notice.getByRole('button', { name: /Terms/ }));
    expect(app.bridge.argumentsOf('app.openExternal')).toEqual([
      { link: 'provider-legal' },
      { link: 'provider-terms' },
    ]);
  });
});

describe('a gateway', () => {
  it('needs an address that may carry a key', async () => {
    const app = renderApp('#/accounts');
    const dialog = await openWay(app, 'Gateway or compatible provider', /of a gateway/);
    await app.user.type(dialog.getByLabelText('Name'), 'gateway');
    await app.user.type(dialog.getByLabelText('API key'), 'gateway-key-0001{Enter}');
    expect(dialog.getByText(/Use an https address/)).toBeDefined();
    await app.user.type(dialog.getByLabelText('Base URL'), 'http://example.com{Enter}');
    expect(dialog.getByText(/Use an https address/)).toBeDefined();
    expect(app.bridge.argumentsOf('accounts.add')).toEqual([]);
  });

  it('is added with header and model names; names are changed only when that is switched on', async () => {
    const app = renderApp('#/accounts');
    const { user } = app;
    const dialog = await openWay(app, 'Gateway or compatible provider', /of a gateway/);
    await user.type(dialog.getByLabelText('Name'), 'gateway');
    await user.type(dialog.getByLabelText('Base URL'), 'https://gateway.example');
    await user.type(dialog.getByLabelText('API key'), 'gateway-key-0001');
    await user.click(dialog.getByRole('radio', { name: 'Authorization: Bearer' }));
    expect(dialog.getByText(/Off: requests pass as they are/)).toBeDefined();
    await user.click(dialog.getByRole('switch', { name: 'Change model names' }));
    await user.type(dialog.getByLabelText('Name 1 as asked for'), 'claude-sonnet');
    await user.click(dialog.getByRole('button', { name: 'Add account' }));
    expect(dialog.getByText('Fill in both names of each row.')).toBeDefined();
    await user.type(dialog.getByLabelText('Name 1 as sent'), 'vendor/sonnet');
    await user.click(dialog.getByRole('button', { name: 'Add a name' }));
    await user.type(dialog.getByLabelText('Name 2 as asked for'), 'claude-sonnet');
    await user.type(dialog.getByLabelText('Name 2 as sent'), 'other');
    expect(dialog.getByText('claude-sonnet has two rows. Keep one.')).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Remove name 2' }));
    await user.click(dialog.getByRole('button', { name: 'Add account' }));
    await waitFor(() =>
      expect(app.bridge.argumentsOf('accounts.add')).toEqual([
        {
          name: 'gateway',
          apiKey: 'gateway-key-0001',
          baseUrl: 'https://gateway.example',
          headerStyle: 'bearer',
          modelMap: { 'claude-sonnet': 'vendor/sonnet' },
        },
      ]),
    );
  });
});
