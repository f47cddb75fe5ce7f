import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { openDialog } from '../../app/dialog-slot.ts';
import { BridgeFailure, type FakeOptions } from '../../testing/fake-bridge.ts';
import { makeState } from '../../testing/fixtures.ts';
import {
  makeImportAccount,
  makeImportPreview,
  makeImportResult,
  makeImportState,
} from '../../testing/import-fixtures.ts';
import { renderApp } from '../../testing/render-app.tsx';

const PATH = '/home/sam/.config/ccflare/ccflare.db';

async function openImport(options: Partial<FakeOptions> = {}) {
  const app = renderApp('#/settings', options);
  await app.user.click(await screen.findByRole('button', { name: 'Import from ccflare…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Import from ccflare' }));
  return { ...app, dialog };
}

async function openPreview(options: Partial<FakeOptions> = {}) {
  const app = await openImport(options);
  await app.user.click(await app.dialog.findByRole('button', { name: /48 MB/ }));
  await app.dialog.findByRole('group', { name: 'Accounts' });
  return app;
}

const agree = /I have read this/;

describe('sources', () => {
  it('are listed with program, path, size and last change', async () => {
    const { dialog } = await openImport();
    const source = await dialog.findByRole('button', { name: /48 MB/ });
    expect(source.textContent).toContain(PATH);
    expect(source.textContent).toContain('changed 2 h ago');
  });

  it('can be a file of the user’s choice, where none is found', async () => {
    const { bridge, dialog, user } = await openImport({ handlers: { 'import.find': () => [] } });
    expect(await dialog.findByText(/is in the usual places/)).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Choose file…' }));
    await waitFor(() => expect(bridge.argumentsOf('import.preview')).toEqual([{ sourceId: 'src-chosen' }]));
  });

  it('stay on screen when choosing a file was given up', async () => {
    const { bridge, dialog, user } = await openImport({ handlers: { 'import.choose': () => null } });
    await user.click(dialog.getByRole('button', { name: 'Choose file…' }));
    expect(await dialog.findByRole('button', { name: /48 MB/ })).toBeDefined();
    expect(bridge.argumentsOf('import.preview')).toEqual([]);
  });

  it('say why one cannot be read, and lead back', async () => {
    const { dialog, user } = await openImport({
      handlers: {
        'import.preview': () => {
          throw new BridgeFailure('import_newer', 'This database was written by a newer version.');
        },
      },
    });
    await user.click(await dialog.findByRole('button', { name: /48 MB/ }));
    expect(await dialog.findByText('This database was written by a newer version.')).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Back' }));
    expect(await dialog.findByRole('button', { name: /48 MB/ })).toBeDefined();
  });
});

describe('preview', () => {
  it('says what comes, under which name, and what stays behind and why', async () => {
    const { dialog } = await openPreview();
    expect(dialog.getByText('The file holds tokens in clear.')).toBeDefined();
    expect(dialog.getByText('work 2')).toBeDefined();
    expect(dialog.getByText(/It belongs to another provider/)).toBeDefined();
    expect(dialog.queryByRole('checkbox', { name: 'zai' })).toBeNull();
    expect(dialog.getByRole('checkbox', { name: 'Request log: 12.4k requests' })).toBeDefined();
    expect(dialog.getByText('Session length: 5 h')).toBeDefined();
    expect(dialog.getByText(/They hold credentials/)).toBeDefined();
  });

  it('does not start with a subscription login before the notice is agreed to', async () => {
    const { bridge, dialog, user } = await openPreview();
    const shown = vi.spyOn(Element.prototype, 'scrollIntoView');
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('Agree to the notice');
    expect(shown.mock.contexts).toContain(dialog.getByRole('alert'));
    expect(bridge.argumentsOf('import.run')).toEqual([]);
    await user.click(dialog.getByRole('checkbox', { name: agree }));
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('import.run')).toEqual([
        {
          sourceId: 'src-home',
          accounts: ['old-1', 'old-2', 'old-3'],
          consent: true,
          settings: true,
          requests: true,
          agentPreferences: true,
        },
      ]),
    );
  });

  it('asks for no consent when the logins are left out, and sends only what is ticked', async () => {
    const { bridge, dialog, user } = await openPreview();
    await user.click(dialog.getByRole('checkbox', { name: 'main' }));
    expect(dialog.queryByRole('checkbox', { name: agree })).toBeNull();
    await user.click(dialog.getByRole('checkbox', { name: /Request log/ }));
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    await waitFor(() => expect(bridge.argumentsOf('import.run')).toHaveLength(1));
    expect(bridge.argumentsOf('import.run')[0]).toMatchObject({
      accounts: ['old-2', 'old-3'],
      consent: false,
      requests: false,
    });
  });

  it.each(['Back', 'Cancel', 'Escape'])(
    'left by %s, its copy with secrets in clear does not stay',
    async (way) => {
      const { bridge, dialog, user } = await openPreview();
      if (way === 'Escape') await user.keyboard('{Escape}');
      else await user.click(dialog.getByRole('button', { name: way }));
      await waitFor(() => expect(bridge.argumentsOf('import.cancel')).toHaveLength(1));
      expect(bridge.argumentsOf('import.run')).toEqual([]);
    },
  );

  it('tells two reasons apart for which requests stay behind', async () => {
    const skipped = ['They have no time.', 'They are too old.'].map((reason) => ({
      what: 'Requests',
      count: 1,
      reason,
    }));
    const complaints = vi.spyOn(console, 'error');
    const preview = makeImportPreview({ skipped });
    const { dialog } = await openPreview({ handlers: { 'import.preview': () => preview } });
    expect(dialog.getByText(/no time/)).toBeDefined();
    expect(dialog.getByText(/too old/)).toBeDefined();
    expect(complaints.mock.calls.flat().join(' ')).not.toContain('same key');
    complaints.mockRestore();
  });

  it('does not start an import of nothing', async () => {
    const preview = makeImportPreview({
      accounts: [makeImportAccount({ kind: 'api-key' })],
      settings: [],
      agentPreferences: 0,
      requests: { count: 0, oldestAt: null, newestAt: null },
    });
    const { bridge, dialog, user } = await openPreview({ handlers: { 'import.preview': () => preview } });
    expect(dialog.queryByRole('group', { name: 'Also take over' })).toBeNull();
    await user.click(dialog.getByRole('checkbox', { name: 'main' }));
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('Choose at least one thing');
    expect(bridge.argumentsOf('import.run')).toEqual([]);
  });

  it('says what the main process refused', async () => {
    const { dialog, user } = await openPreview({
      handlers: {
        'import.run': () => {
          throw new BridgeFailure('vault_locked', 'Unlock your accounts first.');
        },
      },
    });
    await user.click(dialog.getByRole('checkbox', { name: agree }));
    await user.click(dialog.getByRole('button', { name: 'Import' }));
    expect(await dialog.findByText('Unlock your accounts first.')).toBeDefined();
  });
});

describe('run', () => {
  async function start(options: Partial<FakeOptions> = {}) {
    const app = await openPreview(options);
    await app.user.click(app.dialog.getByRole('checkbox', { name: agree }));
    await app.user.click(app.dialog.getByRole('button', { name: 'Import' }));
    await app.dialog.findByRole('progressbar', { name: 'Import' });
    return app;
  }

  it('shows how far it is, and can be cancelled', async () => {
    const { bridge, dialog, user } = await start();
    act(() => bridge.change({ import: makeImportState({ requestsDone: 6200 }) }));
    expect(await dialog.findByText('6.2k of 12.4k requests')).toBeDefined();
    expect(dialog.getByText('50 %')).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Cancel import' }));
    expect(await dialog.findByText(/Cancelled after 6.2k of 12.4k requests/)).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Import again' }));
    expect(await dialog.findByRole('group', { name: 'Accounts' })).toBeDefined();
  });

  it('is found again after the dialog was closed', async () => {
    const { bridge, dialog, user } = await start();
    await user.click(dialog.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bridge.argumentsOf('import.cancel')).toEqual([]);
    act(() => bridge.change({ import: makeImportState({ requestsDone: 3100 }) }));
    act(() => openDialog({ kind: 'import' }));
    expect(await screen.findByText('3.1k of 12.4k requests')).toBeDefined();
  });

  it('says why it failed and starts over', async () => {
    const { bridge, dialog, user } = await start();
    const error = { code: 'import_unreadable' as const, message: 'The copy ended too early.' };
    act(() => bridge.change({ import: makeImportState({ phase: 'failed', error }) }));
    expect(await dialog.findByText('The copy ended too early.')).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Try again' }));
    expect(await dialog.findByRole('group', { name: 'Accounts' })).toBeDefined();
  });

  async function finish() {
    const app = await start();
    const result = makeImportResult();
    act(() => app.bridge.change({ import: makeImportState({ phase: 'done', result }) }));
    await app.dialog.findByText('12.4k requests added to the log');
    return app;
  }

  it('counts what came and warns of the old file', async () => {
    const { dialog } = await finish();
    expect(dialog.getByText('3 accounts added')).toBeDefined();
    expect(dialog.getByText('10 requests could not be read')).toBeDefined();
    expect(dialog.queryByText(/were here already/)).toBeNull();
    expect(dialog.getByText(/still holds your tokens in clear/).textContent).toContain(PATH);
  });

  it('deletes the old database only after a question that names it', async () => {
    const { bridge, user } = await finish();
    await user.click(screen.getByRole('button', { name: 'Delete the old database…' }));
    const question = within(await screen.findByRole('dialog', { name: 'Delete the old database?' }));
    expect(question.getByText(PATH)).toBeDefined();
    await user.click(question.getByRole('button', { name: 'Cancel' }));
    expect(bridge.argumentsOf('import.deleteSource')).toEqual([]);
    await user.click(await screen.findByRole('button', { name: 'Delete the old database…' }));
    await user.click(await screen.findByRole('button', { name: 'Delete it' }));
    await waitFor(() =>
      expect(bridge.argumentsOf('import.deleteSource')).toEqual([{ sourceId: 'src-home' }]),
    );
    await waitFor(() => expect(screen.queryByText(/still holds your tokens in clear/)).toBeNull());
    expect(screen.queryByRole('button', { name: 'Delete the old database…' })).toBeNull();
  });
});

describe('keyboard', () => {
  it('goes all the way without a mouse', async () => {
    const { bridge, user } = renderApp('#/settings', { state: makeState() });
    (await screen.findByRole('button', { name: 'Import from ccflare…' })).focus();
    await user.keyboard('{Enter}');
    const dialog = within(await screen.findByRole('dialog', { name: 'Import from ccflare' }));
    const source = await dialog.findByRole('button', { name: /48 MB/ });
    source.focus();
    await user.keyboard('{Enter}');
    const step = await dialog.findByRole('form', { name: 'What to take over' });
    await dialog.findByRole('group', { name: 'Accounts' });
    await waitFor(() => expect(step.ownerDocument.activeElement?.closest('form')).not.toBeNull());
    const box = dialog.getByRole('checkbox', { name: agree });
    for (let steps = 0; steps < 20 && document.activeElement !== box; steps += 1) await user.tab();
    await user.keyboard(' {Enter}');
    await waitFor(() => expect(bridge.argumentsOf('import.run')).toHaveLength(1));
    const progress = await dialog.findByRole('form', { name: 'Progress' });
    await waitFor(() => expect(progress.contains(document.activeElement)).toBe(true));
  });
});
