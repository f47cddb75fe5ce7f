import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import {
  makeClaudeCode,
  makeClaudeCodeOn,
  makeClientsReport,
  makeConnectionTest,
  makeFinding,
} from '../../testing/client-fixtures.ts';
import { BridgeFailure } from '../../testing/fake-bridge.ts';
import { makeClientKey, makeState } from '../../testing/fixtures.ts';
import { never, renderApp } from '../../testing/render-app.tsx';

const region = async (name: string) => within(await screen.findByRole('region', { name }));

describe('Claude Code', () => {
  it('says where it really goes, and in which file that is written', async () => {
    renderApp('#/clients');
    const section = await region('Claude Code');
    expect(section.getByText('Claude Code goes to the provider directly.')).toBeDefined();
    expect(section.getByText('Not set up')).toBeDefined();
    expect(section.getByText('/home/sam/.claude/settings.json')).toBeDefined();
    expect(section.queryByRole('button', { name: /Put back/ })).toBeNull();
  });

  it('is set up only after the change was shown', async () => {
    const { bridge, user } = renderApp('#/clients');
    await user.click(await screen.findByRole('button', { name: 'Set up Claude Code…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Set up Claude Code' }));
    const lines = await dialog.findByRole('region', { name: 'Changes' });
    expect(lines.textContent).toContain('removed:   "model": "opus"');
    expect(lines.textContent).toMatch(/added: .*ANTHROPIC_BASE_URL/);
    expect(bridge.argumentsOf('clients.apply')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Set up' }));
    await waitFor(() => expect(bridge.argumentsOf('clients.apply')).toEqual([{ hints: false, fixes: [] }]));
    expect(await screen.findByText('Claude Code uses ccflare at 127.0.0.1:8459.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Put back as it was…' })).toBeDefined();
  });

  it('is not called set up while the proxy is off and nothing was written yet', async () => {
    const proxy = { ...makeState().proxy, phase: 'stopped' as const };
    const { user } = renderApp('#/clients', { state: makeState({ proxy }) });
    await user.click(await screen.findByRole('button', { name: 'Set up Claude Code…' }));
    await user.click(await screen.findByRole('button', { name: 'Set up' }));
    expect(await screen.findByText('Claude Code is set up once the proxy is on')).toBeDefined();
  });

  it('says only why it is not set up, not that the proxy has to be on, where that is not the reason', async () => {
    const claudeCode = makeClaudeCode({ wanted: true, problem: 'The vault is locked.' });
    renderApp('#/clients', { clients: makeClientsReport({ claudeCode }) });
    const section = await region('Claude Code');
    expect(section.getByText('The vault is locked.')).toBeDefined();
    expect(section.queryByText(/as soon as the proxy is on/)).toBeNull();
  });

  it('shows what the hint headers would add before they are asked for', async () => {
    const { bridge, user } = renderApp('#/clients');
    await user.click(await screen.findByRole('button', { name: 'Set up Claude Code…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Set up Claude Code' }));
    await user.click(await dialog.findByRole('checkbox', { name: /what each request is for/ }));
    expect(await dialog.findByText(/"hint headers": "on"/)).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Set up' }));
    await waitFor(() => expect(bridge.argumentsOf('clients.apply')).toEqual([{ hints: true, fixes: [] }]));
  });

  it('is put back as it was, after showing that, too', async () => {
    const report = makeClientsReport({ claudeCode: makeClaudeCodeOn() });
    const { bridge, user } = renderApp('#/clients', { clients: report });
    await user.click(await screen.findByRole('button', { name: 'Put back as it was…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Put Claude Code back' }));
    expect((await dialog.findByRole('region', { name: 'Changes' })).textContent).toMatch(
      /removed: .*BASE_URL/,
    );
    await user.click(dialog.getByRole('button', { name: 'Put back' }));
    await waitFor(() => expect(bridge.argumentsOf('clients.restore')).toHaveLength(1));
    expect(await screen.findByText('Not set up')).toBeDefined();
  });

  it('that somebody changed since offers both ways, with the reason', async () => {
    const claudeCode = makeClaudeCodeOn({ phase: 'drifted', problem: 'The address now names another port.' });
    renderApp('#/clients', { clients: makeClientsReport({ claudeCode }) });
    const section = await region('Claude Code');
    expect(section.getByText('Changed since')).toBeDefined();
    expect(section.getByText('The address now names another port.')).toBeDefined();
    expect(section.getByRole('button', { name: 'Set up again…' })).toBeDefined();
    expect(section.getByRole('button', { name: 'Put back as it was…' })).toBeDefined();
  });

  it('whose file cannot be read offers nothing that would write to it', async () => {
    const claudeCode = makeClaudeCode({ phase: 'unreadable', problem: 'Line 3 is not JSON.' });
    renderApp('#/clients', { clients: makeClientsReport({ claudeCode }) });
    const section = await region('Claude Code');
    expect(section.getByText('Line 3 is not JSON.')).toBeDefined();
    expect(section.queryByRole('button', { name: /Set up|Put back/ })).toBeNull();
  });

  it('without effect says so, and offers to set it up again with what was missing', async () => {
    const claudeCode = makeClaudeCodeOn({ phase: 'overruled', problem: 'The set-up has no effect so far.' });
    const findings = [
      makeFinding({ id: 'proxy:1', title: 'HTTPS_PROXY is set.', fix: 'Sets NO_PROXY.', withSetUp: true }),
      makeFinding({ id: 'shell:2', title: 'CLAUDE_CODE_USE_BEDROCK is set.' }),
    ];
    const { bridge, user } = renderApp('#/clients', { clients: makeClientsReport({ claudeCode, findings }) });
    const section = await region('Claude Code');
    expect(section.getByText('Set up, without effect')).toBeDefined();
    await user.click(section.getByRole('button', { name: 'Set up again…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Set up Claude Code' }));
    const group = within(dialog.getByRole('group', { name: 'What keeps Claude Code from coming here' }));
    expect(group.getAllByRole('checkbox')).toHaveLength(1);
    expect(group.getByText('CLAUDE_CODE_USE_BEDROCK is set.')).toBeDefined();
    await user.click(dialog.getByRole('button', { name: 'Set up' }));
    const fixes = ['proxy:1'];
    await waitFor(() => expect(bridge.argumentsOf('clients.apply')).toEqual([{ hints: false, fixes }]));
    expect(bridge.argumentsOf('clients.preview')).toEqual([{ action: 'apply', hints: false, fixes }]);
  });

  it('is set up without a fix that the user does not want', async () => {
    const findings = [makeFinding({ id: 'proxy:1', fix: 'Sets NO_PROXY.', withSetUp: true })];
    const { bridge, user } = renderApp('#/clients', { clients: makeClientsReport({ findings }) });
    await user.click(await screen.findByRole('button', { name: 'Set up Claude Code…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Set up Claude Code' }));
    await user.click(dialog.getByRole('checkbox', { name: 'Sets NO_PROXY.' }));
    await user.click(dialog.getByRole('button', { name: 'Set up' }));
    await waitFor(() => expect(bridge.argumentsOf('clients.apply')).toEqual([{ hints: false, fixes: [] }]));
  });

  it('keeps the dialog and says why when the file changed in between', async () => {
    const { user } = renderApp('#/clients', {
      handlers: {
        'clients.apply': () => {
          throw new BridgeFailure('client_settings_changed', 'The file was changed in the meantime.');
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Set up Claude Code…' }));
    await user.click(await screen.findByRole('button', { name: 'Set up' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Set up Claude Code' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('changed in the meantime');
  });

  it('is put back when the app ends, unless the user wants otherwise', async () => {
    const { bridge, user } = renderApp('#/clients');
    await user.click(await screen.findByRole('switch', { name: 'Put Claude Code back when ccflare stops' }));
    expect(bridge.argumentsOf('settings.patch')).toEqual([{ restoreClientsOnQuit: false }]);
  });
});

describe('report', () => {
  it('shows its shape while it is read, and what failed, and keeps the test at hand', async () => {
    renderApp('#/clients', { handlers: { 'clients.report': never } });
    await screen.findByRole('heading', { name: 'Clients' });
    expect(screen.getByRole('status', { name: 'Loading' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'Run connection test' })).toBeDefined();
  });

  it('that cannot be read says so and is read again', async () => {
    let broken = true;
    const { user } = renderApp('#/clients', {
      handlers: {
        'clients.report': () => {
          if (broken) throw new BridgeFailure('internal', 'The settings folder is not readable.');
          return makeClientsReport();
        },
      },
    });
    expect(await screen.findByText('The settings folder is not readable.')).toBeDefined();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Not set up')).toBeDefined();
  });

  it('is read again when the window gets the focus and when the proxy changes', async () => {
    const { bridge } = renderApp('#/clients');
    await region('Claude Code');
    const reads = () => bridge.argumentsOf('clients.report').length;
    await waitFor(() => expect(screen.queryByText('Checking…')).toBeNull());
    const before = reads();
    act(() => bridge.change({ proxy: { ...makeState().proxy, port: 9000 } }));
    await waitFor(() => expect(reads()).toBe(before + 1));
    act(() => void window.dispatchEvent(new Event('visibilitychange')));
    await waitFor(() => expect(reads()).toBe(before + 2));
  });
});

describe('doctor', () => {
  it('puts problems first and fixes one only after saying what will be changed', async () => {
    const { bridge, user } = renderApp('#/clients');
    const doctor = await region('What clients will use');
    const titles = doctor.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent);
    expect(titles).toEqual(['Problems 1', 'Good to know 1', 'In order 1']);
    await user.click(doctor.getByRole('button', { name: /^Fix: ANTHROPIC_BASE_URL is set/ }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Fix this?' }));
    expect(dialog.getByText(/Put a # in front of line 12/)).toBeDefined();
    expect(bridge.argumentsOf('clients.fix')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Fix' }));
    const findingId = 'shell:/home/sam/.zshrc:12';
    await waitFor(() => expect(bridge.argumentsOf('clients.fix')).toEqual([{ findingId }]));
    await waitFor(() => expect(doctor.queryByText(/ANTHROPIC_BASE_URL is set/)).toBeNull());
  });

  it('has a command to copy for what only the user can change', async () => {
    const remedy = { command: 'launchctl unsetenv ANTHROPIC_AUTH_TOKEN', note: 'In a terminal.' };
    const findings = [makeFinding({ id: 'variable:1', fix: null, remedy })];
    const { bridge, user } = renderApp('#/clients', { clients: makeClientsReport({ findings }) });
    const doctor = await region('What clients will use');
    expect(doctor.getByText(remedy.command)).toBeDefined();
    await user.click(doctor.getByRole('button', { name: 'Copy command' }));
    expect(bridge.argumentsOf('clipboard.copy')).toEqual([{ what: 'command', findingId: 'variable:1' }]);
    expect(await screen.findByText('Command copied')).toBeDefined();
  });

  it('looks again on demand', async () => {
    const { bridge, user } = renderApp('#/clients');
    const doctor = await region('What clients will use');
    await waitFor(() => expect(doctor.queryByText('Checking…')).toBeNull());
    const before = bridge.argumentsOf('clients.report').length;
    await user.click(doctor.getByRole('button', { name: 'Check again' }));
    await waitFor(() => expect(bridge.argumentsOf('clients.report')).toHaveLength(before + 1));
  });
});

describe('connection test', () => {
  it('lists its steps with what was seen', async () => {
    const { user } = renderApp('#/clients');
    await user.click(await screen.findByRole('button', { name: 'Run connection test' }));
    expect(await screen.findByText(/Everything works/)).toBeDefined();
    const steps = within(screen.getByRole('list', { name: 'Steps of the test' })).getAllByRole('listitem');
    expect(steps.map((step) => step.textContent)).toContain('Get an answer work answered with 200.840 ms');
  });

  it('explains the first step that failed, and says which were not reached', async () => {
    const test = makeConnectionTest({
      ok: false,
      steps: [
        { name: 'Reach the proxy', outcome: 'ok', detail: 'It answers.', durationMs: 2 },
        { name: 'Be let in', outcome: 'failed', detail: 'No client key is left. Create one.', durationMs: 1 },
        { name: 'Get an answer', outcome: 'not-reached', detail: '', durationMs: null },
      ],
    });
    const { user } = renderApp('#/clients', { handlers: { 'clients.test': () => test } });
    await user.click(await screen.findByRole('button', { name: 'Run connection test' }));
    expect(await screen.findByText('It stops at step 2, “Be let in”.')).toBeDefined();
    expect(screen.getByText(/No client key is left/)).toBeDefined();
    expect(screen.getByRole('img', { name: 'Failed' })).toBeDefined();
    expect(screen.getByRole('img', { name: 'Not reached' })).toBeDefined();
  });
});

describe('other clients', () => {
  it('are copied by the main process, for the key that was chosen', async () => {
    const { bridge, user } = renderApp('#/clients');
    await user.click(await screen.findByRole('combobox', { name: 'Client or shell' }));
    await user.click(await screen.findByRole('option', { name: 'fish' }));
    expect(await screen.findByText(/^fish: ANTHROPIC_BASE_URL/)).toBeDefined();
    await user.click(screen.getByRole('combobox', { name: 'Client key' }));
    await user.click(await screen.findByRole('option', { name: /editor/ }));
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(bridge.argumentsOf('clipboard.copy')).toEqual([
      { what: 'snippet', target: 'fish', keyId: 'key-editor' },
    ]);
  });

  it('need a key first', async () => {
    const clientKeys = [makeClientKey({ copyable: false })];
    const { user } = renderApp('#/clients', { state: makeState({ clientKeys }) });
    await user.click(await screen.findByRole('button', { name: 'Create client key' }));
    expect(await screen.findByRole('dialog', { name: 'Create client key' })).toBeDefined();
  });
});

describe('keyboard', () => {
  it('opens the page with Ctrl and 5, and sets Claude Code up without a mouse', async () => {
    const { bridge, user } = renderApp('#/overview');
    await screen.findByRole('heading', { name: 'You can keep working' });
    await user.keyboard('{Control>}5{/Control}');
    (await screen.findByRole('button', { name: 'Set up Claude Code…' })).focus();
    await user.keyboard('{Enter}');
    const dialog = within(await screen.findByRole('dialog', { name: 'Set up Claude Code' }));
    await dialog.findByRole('region', { name: 'Changes' });
    const confirm = dialog.getByRole('button', { name: 'Set up' });
    for (let steps = 0; steps < 10 && document.activeElement !== confirm; steps += 1) await user.tab();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(bridge.argumentsOf('clients.apply')).toEqual([{ hints: false, fixes: [] }]));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Set up Claude Code' })).toBeNull());
  });
});
