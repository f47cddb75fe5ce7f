import { describe, expect, it } from 'vitest';
import { CALL_NAMES } from '../../shared/ipc/channels.ts';
import { sampleState } from '../platform/testing/sample-state.ts';
import { createHandlers, type HandlerDeps } from './handlers.ts';

/** Handlers whose neighbours note what reaches them. */
function setUp(change: { archiveDown?: boolean } = {}) {
  const called: [string, unknown, ...unknown[]][] = [];
  const note =
    (where: string) =>
    (...args: unknown[]) => {
      called.push([where, ...args] as [string, unknown]);
      return Promise.resolve(null as never);
    };
  const thread = (where: string) => {
    const call = async (name: string, input: unknown): Promise<unknown> => {
      await note(where)(name, input);
      if (where === 'archive' && change.archiveDown) throw new Error('down');
      return name === 'sessions.live' ? [] : null;
    };
    return { call, on: () => {}, close: () => {} } as never;
  };
  const imports = ['find', 'choose', 'preview', 'run', 'cancel', 'deleteSource'] as const;
  const deps: HandlerDeps = {
    engine: () => thread('engine'),
    archive: () => thread('archive'),
    state: () => sampleState(),
    signIn: { start: note('signIn.start'), cancel: note('signIn.cancel') },
    imports: Object.fromEntries(
      imports.map((name) => [name, note(`imports.${name}`)]),
    ) as unknown as HandlerDeps['imports'],
    copyText: note('copyText'),
    openExternal: note('openExternal'),
    showLogFile: note('showLogFile'),
    quit: note('quit'),
  };
  return { called, handlers: createHandlers(deps) };
}

describe('handlers', () => {
  it('there is one for every call of the contract', () => {
    expect(Object.keys(setUp().handlers).sort()).toEqual([...CALL_NAMES].sort());
  });

  it('name the page as the one who changes something', async () => {
    const { called, handlers } = setUp();
    await handlers['accounts.addSetupToken']({ name: 'a', token: 'sk-ant-oat01-x', consent: true });
    await handlers['clients.apply']({ hints: true });
    await handlers['clients.restore'](undefined);
    await handlers['clients.fix']({ findingId: 'f' });
    await handlers['signIn.confirm']({ id: 's', name: 'a' });
    await handlers['accounts.checkUsage']({ id: 'a1' });
    const actor = 'dashboard';
    expect(called).toEqual([
      ['engine', 'accounts.addSetupToken', { name: 'a', token: 'sk-ant-oat01-x', consent: true, actor }],
      ['engine', 'clients.apply', { hints: true, actor }],
      ['engine', 'clients.restore', { actor }],
      ['engine', 'clients.fix', { findingId: 'f', actor }],
      ['engine', 'signIn.confirm', { id: 's', name: 'a', actor }],
      ['engine', 'accounts.checkUsage', { id: 'a1', actor }],
    ]);
  });

  it('attack: the page cannot say that somebody else asked', async () => {
    const { called, handlers } = setUp();
    await handlers['clients.apply']({ hints: true, actor: 'provision' } as never);
    expect(called[0]?.[2]).toMatchObject({ actor: 'dashboard' });
  });

  it('lead a sign-in through the part that has windows, and the rest of it to the engine', async () => {
    const { called, handlers } = setUp();
    const input = { mode: 'subscription', way: 'window', consent: true } as const;
    await handlers['signIn.start'](input);
    await handlers['signIn.cancel']({ id: 's' });
    await handlers['signIn.paste']({ id: 's', text: 'code#state' });
    expect(called).toEqual([
      ['signIn.start', input, 'dashboard'],
      ['signIn.cancel', { id: 's' }],
      ['engine', 'signIn.paste', { id: 's', text: 'code#state' }],
    ]);
  });

  it('lead an import to the part that has the file dialog', async () => {
    const { called, handlers } = setUp();
    await handlers['import.find'](undefined);
    await handlers['import.choose'](undefined);
    await handlers['import.preview']({ sourceId: 's' });
    await handlers['import.cancel'](undefined);
    await handlers['import.deleteSource']({ sourceId: 's' });
    expect(called.map(([where, input]) => [where, input])).toEqual([
      ['imports.find', undefined],
      ['imports.choose', undefined],
      ['imports.preview', { sourceId: 's' }],
      ['imports.cancel', undefined],
      ['imports.deleteSource', { sourceId: 's' }],
    ]);
  });

  it('list sessions also while the log is down', async () => {
    const { handlers } = setUp({ archiveDown: true });
    expect(await handlers['sessions.list']({ hours: 1 })).toEqual([]);
  });

  it('ask the engine about clients without naming anybody', async () => {
    const { called, handlers } = setUp();
    await handlers['clients.report'](undefined);
    await handlers['clients.preview']({ action: 'apply', hints: false });
    await handlers['clients.test'](undefined);
    expect(called.map(([, name]) => name)).toEqual(['clients.report', 'clients.preview', 'clients.test']);
  });
});
