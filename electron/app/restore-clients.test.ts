import { describe, expect, it, vi } from 'vitest';
import type { ClaudeCodeState } from '../../shared/clients.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import { restoreClients } from './restore-clients.ts';

vi.mock('electron', () => ({ app: {} }));

const refused = new ThreadCallError({ code: 'client_settings_changed', message: 'It was\nchanged.' });

/** An engine that reports a phase and answers (or refuses) the restore. */
function setUp(phase: ClaudeCodeState['phase'], refuse = false) {
  const called: string[] = [];
  const call = (name: string): Promise<unknown> => {
    called.push(name);
    if (name === 'clients.restore') return refuse ? Promise.reject(refused) : Promise.resolve(null);
    return Promise.resolve({ claudeCode: { phase, settingsFile: '/home/me/settings.json', problem: null } });
  };
  const run = (started: Promise<unknown> = Promise.resolve()) =>
    restoreClients(started, () => ({ call, on: () => {}, close: () => {} }) as never);
  return { called, run };
}

describe('restoring clients from the command line', () => {
  it.each(['on', 'drifted'] as const)('puts settings back that are %s', async (phase) => {
    const { called, run } = setUp(phase);
    expect(await run()).toEqual({ code: 0, line: '/home/me/settings.json is as it was before.' });
    expect(called).toEqual(['clients.report', 'clients.restore']);
  });

  it('leaves settings alone that do not name us', async () => {
    const { called, run } = setUp('off');
    expect(await run()).toEqual({
      code: 0,
      line: 'Claude Code is not pointed at this app (/home/me/settings.json).',
    });
    expect(called).toEqual(['clients.report']);
  });

  it('says that it cannot read them, and changes nothing', async () => {
    const { called, run } = setUp('unreadable');
    expect(await run()).toMatchObject({ code: 1 });
    expect(called).toEqual(['clients.report']);
  });

  it('says in one line why it could not', async () => {
    const { run } = setUp('on', true);
    expect(await run()).toEqual({
      code: 1,
      line: 'the client settings could not be put back: It was changed.',
    });
  });

  it('an engine that does not start is told in the same way', async () => {
    const { called, run } = setUp('on');
    expect(await run(Promise.reject(refused))).toMatchObject({ code: 1 });
    expect(called).toEqual([]);
  });
});
