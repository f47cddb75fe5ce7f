import { describe, expect, it } from 'vitest';
import type { SignInView } from '../../shared/sign-in.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import { createAppState } from '../ipc/app-state.ts';
import { sampleState } from '../platform/testing/sample-state.ts';
import { createSignInFlow, type SignInFlowDeps } from './sign-in-flow.ts';

const input = { mode: 'subscription', way: 'window', consent: true } as const;
type Page = Parameters<SignInFlowDeps['openWindow']>[0];

/** A flow whose engine counts its tickets, and whose windows are pages that the test plays. */
function setUp(change: { openBrowser?: () => Promise<void>; refuse?: boolean } = {}) {
  const called: [string, unknown][] = [];
  const pages: (Page & { closed: boolean; focused: number })[] = [];
  const opened: string[] = [];
  const shows: string[] = [];
  const lines: string[] = [];
  const pauses: (() => void)[] = [];
  let paused = false;
  let count = 0;
  const call = async (name: string, argument: { way?: string }): Promise<unknown> => {
    called.push([name, argument]);
    if (name !== 'signIn.start') return null;
    if (change.refuse) throw new ThreadCallError({ code: 'consent_needed', message: 'Agree first.' });
    count += 1;
    const id = `s${count}`;
    if (paused) await new Promise<void>((resolve) => pauses.push(resolve));
    return { id, way: argument.way, url: `https://claude.com/${id}`, redirectUri: '', expiresAt: 0 };
  };
  const state = createAppState(sampleState().about);
  const note = (event: string, fields?: object): void =>
    void lines.push(`${event} ${JSON.stringify(fields)}`);
  const flow = createSignInFlow({
    engine: () => ({ call, on: () => {}, close: () => {} }) as never,
    openWindow: (page) => {
      const window = { ...page, closed: false, focused: 0 };
      pages.push(window);
      return {
        focus: () => {
          window.focused += 1;
        },
        close: () => {
          window.closed = true;
        },
      };
    },
    openBrowser: (url) => {
      opened.push(url);
      return change.openBrowser?.() ?? Promise.resolve();
    },
    showAccounts: () => shows.push('accounts'),
    state,
    log: { debug: note, info: note, warn: note, error: note },
  });
  const report = (id: string, phase: SignInView['phase']): void =>
    state.fromEngine({ signIn: { id, phase } as SignInView });
  return {
    flow,
    called,
    pages,
    opened,
    shows,
    lines,
    report,
    state,
    pauseEngine: () => {
      paused = true;
    },
    resume: (index: number) => pauses[index]?.(),
  };
}

describe('signing in', () => {
  it('in the window: hands the answer to the engine, with its id, and writes it in no log', async () => {
    const { flow, called, pages, lines } = setUp();
    expect(await flow.start(input, 'dashboard')).toEqual({ id: 's1' });
    pages[0]?.onRedirect('https://platform.claude.com/oauth/code/callback?code=secret');
    expect(called).toEqual([
      ['signIn.start', { ...input, actor: 'dashboard' }],
      ['signIn.redirected', { id: 's1', url: 'https://platform.claude.com/oauth/code/callback?code=secret' }],
    ]);
    expect(lines.join()).not.toContain('secret');
  });

  it.each([null, 'evil.example was stopped.'])(
    'tells the engine how the window was closed: %s',
    async (reason) => {
      const { flow, called, pages } = setUp();
      await flow.start(input, 'dashboard');
      pages[0]?.onClosed(reason);
      expect(called.at(-1)).toEqual(['signIn.windowClosed', { id: 's1', reason }]);
    },
  );

  it.each(['browser', 'paste'] as const)('by %s: opens the page there and no window', async (way) => {
    const { flow, pages, opened } = setUp();
    await flow.start({ ...input, way }, 'dashboard');
    expect(opened).toEqual(['https://claude.com/s1']);
    expect(pages).toEqual([]);
  });

  it('without a browser: is given up, with the way out', async () => {
    const { flow, called } = setUp({ openBrowser: () => Promise.reject(new Error('no')) });
    await expect(flow.start({ ...input, way: 'browser' }, 'dashboard')).rejects.toMatchObject({
      view: { code: 'sign_in_unreachable' },
    });
    expect(called.at(-1)).toEqual(['signIn.cancel', { id: 's1' }]);
  });

  it('that the engine refuses opens nothing', async () => {
    const { flow, pages } = setUp({ refuse: true });
    await expect(flow.start(input, 'dashboard')).rejects.toMatchObject({ view: { code: 'consent_needed' } });
    expect(pages).toEqual([]);
  });

  it('cancelled: closes the window', async () => {
    const { flow, called, pages } = setUp();
    await flow.start(input, 'dashboard');
    await flow.cancel({ id: 's1' });
    expect(pages[0]?.closed).toBe(true);
    expect(called.at(-1)).toEqual(['signIn.cancel', { id: 's1' }]);
  });

  it('closes the window when the engine has gone on or given up, whatever the reason', async () => {
    for (const phase of ['exchanging', 'failed', 'done'] as const) {
      const { flow, pages, report } = setUp();
      await flow.start(input, 'dashboard');
      report('s1', 'waiting');
      expect(pages[0]?.closed).toBe(false);
      report('s1', phase);
      expect(pages[0]?.closed).toBe(true);
    }
    const { flow, pages, report, state } = setUp();
    await flow.start(input, 'dashboard');
    report('s1', 'waiting');
    state.fromEngine({ signIn: null });
    expect(pages[0]?.closed).toBe(true);
  });

  it('is not ended by news of the attempt before it, which may come late', async () => {
    const { flow, pages, report, state } = setUp();
    await flow.start(input, 'dashboard');
    report('s0', 'failed');
    state.fromEngine({ accounts: [] });
    expect(pages[0]?.closed).toBe(false);
  });

  it('started again for the same: the window comes to the front', async () => {
    const { flow, called, pages, report } = setUp();
    await flow.start(input, 'dashboard');
    report('s1', 'waiting');
    expect(await flow.start(input, 'tray')).toEqual({ id: 's1' });
    expect(pages).toHaveLength(1);
    expect(pages[0]?.focused).toBe(1);
    expect(called).toHaveLength(1);
  });

  it('started for something else: takes its place', async () => {
    const { flow, pages, report } = setUp();
    await flow.start(input, 'dashboard');
    report('s1', 'waiting');
    expect(await flow.start({ ...input, accountId: 'a1' }, 'tray')).toEqual({ id: 's2' });
    expect(pages.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('started twice at once: only the last opens a window', async () => {
    const { flow, pages, pauseEngine, resume } = setUp();
    pauseEngine();
    const first = flow.start(input, 'dashboard');
    const second = flow.start({ ...input, mode: 'console' }, 'dashboard');
    await Promise.resolve();
    resume(1);
    resume(0);
    expect(await Promise.all([first, second])).toEqual([{ id: 's1' }, { id: 's2' }]);
    expect(pages.map(({ ticket }) => ticket.id)).toEqual(['s2']);
  });

  it('from the tray: the accounts are shown when there is something to see', async () => {
    const { flow, pages, shows } = setUp();
    await flow.start(input, 'tray');
    pages[0]?.onClosed(null);
    expect(shows).toEqual([]);
    await flow.start(input, 'tray');
    pages[1]?.onRedirect('https://platform.claude.com/x?code=1');
    expect(shows).toEqual(['accounts']);
    await flow.start(input, 'dashboard');
    pages[2]?.onRedirect('https://platform.claude.com/x?code=1');
    expect(shows).toHaveLength(1);
  });
});
