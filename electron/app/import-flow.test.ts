import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportState } from '../../shared/import.ts';
import { importPreviewSchema, importStateSchema } from '../../shared/import.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import { createImportFlow } from './import-flow.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'import-flow-'));
  mkdirSync(join(home, '.config', 'ccflare'), { recursive: true });
  writeFileSync(join(home, '.config', 'ccflare', 'ccflare.db'), 'x');
  writeFileSync(join(home, '.config', 'ccflare', 'ccflare.json'), '{}');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const account = (sourceId: string, kind: 'api-key' | 'oauth', skipped: string | null = null) => ({
  sourceId,
  name: sourceId,
  kind,
  priority: 0,
  paused: false,
  renamedTo: null,
  skipped,
  note: null,
});
const HISTORY = { requestsAdded: 5, requestsKnown: 1, requestsBroken: 0, cancelled: false };
const TAKEN = { accountsAdded: 1, accountsSkipped: 0, settingsTaken: 0, agentPreferences: 0 };

type Answer = unknown | (() => unknown);

/** A flow between two threads that a test plays: each call is noted and answered from `answers`. */
function setUp(change: Record<string, Answer> = {}, chosen: string | null = null) {
  const called: [string, unknown][] = [];
  const states: ImportState[] = [];
  let copies = 0;
  const answers: Record<string, Answer> = {
    'import.open': () => {
      copies += 1;
      const requests = { count: 6, oldestAt: 1, newestAt: 2 };
      return { copy: `/copy-${copies}`, requests, skipped: [], warnings: ['clear'] };
    },
    'import.look': {
      accounts: [account('key', 'api-key'), account('login', 'oauth'), account('known', 'oauth', 'here')],
      settings: [],
      agentPreferences: 0,
      skipped: [{ what: 'Setting x', count: 1, reason: 'odd' }],
    },
    'import.take': { ...TAKEN, accountIds: { key: 'id-1' } },
    'import.history': HISTORY,
    state: { settings: { requestRetentionDays: 365, maxArchiveBytes: 7 } },
    ...change,
  };
  const client = () => {
    const listeners: ((event: unknown) => void)[] = [];
    return {
      async call(name: string, argument: unknown) {
        called.push([name, argument]);
        const answer = answers[name] ?? null;
        return await (typeof answer === 'function' ? answer() : answer);
      },
      on: (_name: string, listener: (event: unknown) => void) => void listeners.push(listener),
      close: () => {},
      say: (event: unknown) => {
        for (const listener of listeners) listener(event);
      },
    };
  };
  const clients = { archive: client(), engine: client() };
  const flow = createImportFlow({
    engine: () => clients.engine as never,
    archive: () => clients.archive as never,
    state: { setImport: (state) => void (state && states.push(importStateSchema.parse(state))) },
    chooseFile: () => Promise.resolve(chosen),
    env: {},
    home,
    platform: 'linux',
  });
  const names = () => called.map(([name]) => name);
  const ended = () =>
    expect
      .poll(() => states.at(-1)?.phase)
      .toSatisfy((phase) => !['copying', 'running'].includes(String(phase)));
  return { flow, called, names, states, clients, client, ended };
}

const choice = (sourceId: string, change: object = {}) => ({
  sourceId,
  accounts: ['key'],
  consent: false,
  settings: true,
  requests: true,
  agentPreferences: true,
  ...change,
});
const refusal = (code: string) => ({ view: { code } });
function gate() {
  let open: (value?: unknown) => void = () => {};
  const passed = new Promise((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('finding and choosing', () => {
  it('gives databases ids that stay, and shows a chosen one', async () => {
    const { flow } = setUp({}, join(home, '.config', 'ccflare', 'ccflare.db'));
    const [found] = await flow.find();
    expect(found).toMatchObject({ product: 'ccflare', bytes: 1 });
    expect((await flow.find())[0]?.id).toBe(found?.id);
    expect((await flow.choose())?.id).toBe(found?.id);
  });

  it('answers null when nothing was chosen, and refuses what is no file', async () => {
    expect(await setUp().flow.choose()).toBe(null);
    await expect(setUp({}, home).flow.choose()).rejects.toMatchObject(refusal('import_unreadable'));
  });

  it('attack: a path in the place of an id reaches no thread', async () => {
    const { flow, called } = setUp();
    const sourceId = join(home, '.config', 'ccflare', 'ccflare.db');
    for (const tried of [
      flow.preview({ sourceId }),
      flow.run(choice(sourceId)),
      flow.deleteSource({ sourceId }),
    ]) {
      await expect(tried).rejects.toMatchObject(refusal('not_found'));
    }
    expect(called).toEqual([]);
  });
});

describe('an import', () => {
  it('is shown, taken and closed again', async () => {
    const { flow, called, names, states, ended } = setUp();
    const [source] = await flow.find();
    const preview = importPreviewSchema.parse(await flow.preview({ sourceId: source!.id }));
    expect(preview).toMatchObject({ source, warnings: ['clear'], skipped: [{ what: 'Setting x' }] });
    await flow.run(choice(source!.id));
    await ended();
    expect(names()).toEqual([
      'import.open',
      'import.look',
      'import.take',
      'state',
      'configure',
      'import.history',
      'import.close',
    ]);
    expect(called[1]?.[1]).toEqual({
      copy: '/copy-1',
      configFile: join(home, '.config/ccflare/ccflare.json'),
    });
    expect(called[2]?.[1]).toMatchObject({ copy: '/copy-1', accounts: ['key'], actor: 'dashboard' });
    expect(called[4]?.[1]).toEqual({ requestRetentionDays: 365, maxArchiveBytes: 7 });
    expect(called[5]?.[1]).toEqual({ copy: '/copy-1', accountIds: { key: 'id-1' } });
    expect(states.map(({ phase }) => phase)).toEqual(['copying', 'ready', 'running', 'done']);
    const { cancelled: _cancelled, ...counts } = HISTORY;
    expect(states.at(-1)?.result).toEqual({ ...TAKEN, ...counts });
  });

  it('needs consent only for logins that would come', async () => {
    const { flow, names, ended } = setUp();
    const [source] = await flow.find();
    const accounts = ['key', 'login'];
    await expect(flow.run(choice(source!.id, { accounts }))).rejects.toMatchObject(refusal('consent_needed'));
    expect(names()).toEqual(['import.open', 'import.look']);
    await flow.run(choice(source!.id, { accounts: ['key', 'known'] }));
    await ended();
    expect(names()).toContain('import.take');
  });

  it('shows progress, also from an archive that was started again, and of nothing else', async () => {
    const waiting = gate();
    const { flow, states, clients, client, ended } = setUp({ 'import.history': () => waiting.passed });
    const [source] = await flow.find();
    clients.archive.say({ done: 1, total: 6 });
    await flow.preview({ sourceId: source!.id });
    const old = clients.archive;
    clients.archive = client();
    await flow.run(choice(source!.id));
    await expect.poll(() => states.at(-1)?.phase).toBe('running');
    await new Promise((resolve) => setImmediate(resolve));
    old.say({ done: 9, total: 9 });
    clients.archive.say({ done: 4, total: 6 });
    expect(states.at(-1)).toMatchObject({ phase: 'running', requestsDone: 4, requestsTotal: 6 });
    waiting.open(HISTORY);
    await ended();
    const count = states.length;
    clients.archive.say({ done: 5, total: 6 });
    expect(states).toHaveLength(count);
  });

  it('runs alone', async () => {
    const waiting = gate();
    const { flow, states, ended } = setUp({ 'import.take': () => waiting.passed });
    const [source] = await flow.find();
    const sourceId = source!.id;
    await flow.run(choice(sourceId));
    for (const tried of [
      flow.preview({ sourceId }),
      flow.run(choice(sourceId)),
      flow.deleteSource({ sourceId }),
    ]) {
      await expect(tried).rejects.toMatchObject(refusal('conflict'));
    }
    waiting.open({ ...TAKEN, accountIds: {} });
    await ended();
    expect(states.at(-1)?.phase).toBe('done');
  });

  it('ends when it is cancelled, and says what it has brought', async () => {
    const waiting = gate();
    const { flow, states, names, ended } = setUp({ 'import.history': () => waiting.passed });
    const [source] = await flow.find();
    await flow.run(choice(source!.id));
    await expect.poll(names).toContain('import.history');
    await flow.cancel();
    waiting.open({ ...HISTORY, requestsAdded: 2, cancelled: true });
    await ended();
    expect(states.at(-1)).toMatchObject({
      phase: 'cancelled',
      result: { accountsAdded: 1, requestsAdded: 2 },
    });
    expect(names().slice(-2)).toEqual(['import.cancel', 'import.close']);
  });

  it('takes no history when it was cancelled before', async () => {
    const waiting = gate();
    const { flow, states, names, ended } = setUp({ 'import.take': () => waiting.passed });
    const [source] = await flow.find();
    await flow.run(choice(source!.id));
    await flow.cancel();
    waiting.open({ ...TAKEN, accountIds: {} });
    await ended();
    expect(names()).not.toContain('import.history');
    expect(states.at(-1)?.phase).toBe('cancelled');
  });

  it('removes the copy when looking is cancelled, when it waits, and when another is looked at', async () => {
    const waiting = gate();
    const looked = setUp({ 'import.open': () => waiting.passed });
    const [source] = await looked.flow.find();
    const tried = looked.flow.preview({ sourceId: source!.id });
    await looked.flow.cancel();
    waiting.open({ copy: '/copy-0', requests: { count: 0, oldestAt: null, newestAt: null }, skipped: [] });
    await expect(tried).rejects.toMatchObject(refusal('conflict'));
    expect(looked.called.at(-1)).toEqual(['import.close', { copy: '/copy-0' }]);
    expect(looked.states.at(-1)?.phase).toBe('cancelled');

    const { flow, called, states } = setUp();
    const [again] = await flow.find();
    await flow.preview({ sourceId: again!.id });
    await flow.preview({ sourceId: again!.id });
    await flow.cancel();
    await flow.cancel();
    const closed = called.filter(([name]) => name === 'import.close').map(([, argument]) => argument);
    expect(closed).toEqual([{ copy: '/copy-1' }, { copy: '/copy-2' }]);
    expect(states.at(-1)?.phase).toBe('cancelled');
  });

  it('fails in words, without losing what was brought before, and closes the copy', async () => {
    const down = { code: 'thread_down', message: 'The request log stopped.' } as const;
    const { flow, states, names, ended } = setUp({
      'import.history': () => Promise.reject(new ThreadCallError(down)),
      'import.close': () => Promise.reject(new ThreadCallError(down)),
    });
    const [source] = await flow.find();
    await flow.run(choice(source!.id));
    await ended();
    expect(states.at(-1)).toMatchObject({ phase: 'failed', error: down, result: { accountsAdded: 1 } });
    expect(names().at(-1)).toBe('import.close');
    await expect(flow.preview({ sourceId: source!.id })).resolves.toMatchObject({ source });
  });

  it('says why a database cannot be looked at', async () => {
    const error = { code: 'import_unreadable', message: 'No database.' } as const;
    const { flow, states } = setUp({ 'import.open': () => Promise.reject(new ThreadCallError(error)) });
    const [source] = await flow.find();
    const tried = flow.preview({ sourceId: source!.id });
    await expect(tried).rejects.toMatchObject(refusal('import_unreadable'));
    expect(states.at(-1)).toMatchObject({ phase: 'failed', error });
  });
});

describe('deleting the old database', () => {
  it.each([
    ['done', {}],
    ['failed', { 'import.take': () => Promise.reject(new Error('broken')) }],
  ])('may be asked for as soon as an import is told to be %s', async (phase, change) => {
    const closing = gate();
    const { flow, names, states, ended } = setUp({ 'import.close': () => closing.passed, ...change });
    const [source] = await flow.find();
    await flow.run(choice(source!.id));
    await expect.poll(() => names().at(-1)).toBe('import.close');
    expect(states.at(-1)?.phase).toBe('running');
    closing.open();
    await ended();
    expect(states.at(-1)?.phase).toBe(phase);
    await flow.deleteSource({ sourceId: source!.id });
    expect(names().at(-1)).toBe('import.deleteSource');
  });

  it('closes its copy first, and forgets it', async () => {
    const { flow, called } = setUp();
    const [source] = await flow.find();
    await flow.preview({ sourceId: source!.id });
    await flow.deleteSource({ sourceId: source!.id });
    expect(called.slice(-2)).toEqual([
      ['import.close', { copy: '/copy-1' }],
      ['import.deleteSource', { path: source!.path }],
    ]);
    await expect(flow.preview({ sourceId: source!.id })).rejects.toMatchObject(refusal('not_found'));
  });
});
