import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CALL_NAMES } from '../../shared/ipc/channels.ts';
import type { LiveSession, SessionTotals } from '../../shared/session.ts';
import { sampleState } from '../platform/testing/sample-state.ts';
import { createHandlers, type HandlerDeps } from './handlers.ts';

/** Handlers whose neighbours note what reaches them. */
function setUp(change: { down?: readonly string[]; answers?: Record<string, unknown> } = {}) {
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
      if (change.down?.includes(where)) throw new Error(`${where} is down`);
      return change.answers?.[name] ?? null;
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

const TOTALS: SessionTotals = {
  sessionId: 's',
  client: null,
  clientKeyName: null,
  project: null,
  model: 'claude-opus-5-5',
  accountId: 'a1',
  accountName: 'work',
  requests: 3,
  problems: 0,
  inputTokens: 1,
  outputTokens: 2,
  cacheReadTokens: 3,
  cacheWriteTokens: 4,
  costNanoUsd: 5,
  worthNanoUsd: 0,
  unpricedRequests: 0,
  firstSeenAt: 1,
  lastSeenAt: 2,
};

const LIVE: LiveSession = {
  sessionId: 's',
  bindings: [{ model: 'claude-opus-5-5', accountId: 'a1' }],
  inFlight: 1,
  pinnedTo: null,
  accountBound: false,
  project: null,
  lastSeenAt: 2,
  moves: [],
};

describe('the list of sessions', () => {
  const answers = { sessions: [TOTALS], 'sessions.live': [LIVE] };
  const list = (down: readonly string[]) => {
    const { called, handlers } = setUp({ answers, down });
    return { called, rows: Promise.resolve(handlers['sessions.list']({ hours: 3 })) };
  };

  it('joins what log and routing know, over the hours that were asked for', async () => {
    const before = Date.now();
    const { called, rows } = list([]);
    expect(await rows).toEqual([{ sessionId: 's', totals: TOTALS, live: LIVE }]);
    const asked = z.object({ since: z.number() }).parse(called.find(([, name]) => name === 'sessions')?.[2]);
    expect(asked.since).toBeGreaterThanOrEqual(before - 3 * 3_600_000);
    expect(asked.since).toBeLessThanOrEqual(Date.now() - 3 * 3_600_000);
  });

  it('answers with one half while the other thread is down', async () => {
    expect(await list(['archive']).rows).toEqual([{ sessionId: 's', totals: null, live: LIVE }]);
    expect(await list(['engine']).rows).toEqual([{ sessionId: 's', totals: TOTALS, live: null }]);
  });

  it('fails when nobody can answer, instead of looking empty', async () => {
    await expect(list(['archive', 'engine']).rows).rejects.toThrow('engine is down');
  });
});

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

  it('name the page also where sessions, limits and keys are changed', async () => {
    const { called, handlers } = setUp();
    await handlers['accounts.tryNow']({ id: 'a1', bucket: '5h' });
    await handlers['sessions.move']({ sessionId: 's', accountId: 'a1' });
    await handlers['sessions.pin']({ sessionId: 's', accountId: 'a1' });
    await handlers['sessions.release']({ sessionId: 's' });
    await handlers['clientKeys.setExhaustion']({ id: 'k', exhaustion: 'hold' });
    await handlers['limits.history']({ accountId: 'a1', from: 1, to: 2 });
    const actor = 'dashboard';
    expect(called).toEqual([
      ['engine', 'accounts.tryNow', { id: 'a1', bucket: '5h', actor }],
      ['engine', 'sessions.move', { sessionId: 's', accountId: 'a1', actor }],
      ['engine', 'sessions.pin', { sessionId: 's', accountId: 'a1', actor }],
      ['engine', 'sessions.release', { sessionId: 's', actor }],
      ['engine', 'clientKeys.setExhaustion', { id: 'k', exhaustion: 'hold', actor }],
      ['engine', 'limits.history', { accountId: 'a1', from: 1, to: 2 }],
    ]);
  });

  it('ask the engine about clients without naming anybody', async () => {
    const { called, handlers } = setUp();
    await handlers['clients.report'](undefined);
    await handlers['clients.preview']({ action: 'apply', hints: false });
    await handlers['clients.test'](undefined);
    expect(called.map(([, name]) => name)).toEqual(['clients.report', 'clients.preview', 'clients.test']);
  });
});
