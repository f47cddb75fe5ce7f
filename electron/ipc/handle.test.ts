import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CALL_NAMES, callChannel } from '../../shared/ipc/channels.ts';
import type { Handlers } from './answer-call.ts';
import { handleCalls } from './handle.ts';

type Listener = (event: unknown, argument: unknown) => unknown;
const { channels } = vi.hoisted(() => ({ channels: new Map<string, unknown>() }));
vi.mock('electron', () => ({
  ipcMain: { handle: (name: string, listener: unknown) => channels.set(name, listener) },
}));

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const mainFrame = { url: 'app://dashboard/index.html' };
const ours = { sender: { id: 7, mainFrame }, senderFrame: mainFrame };
const quit = vi.fn(() => null);

function ask(event: unknown): unknown {
  return (channels.get(callChannel('app.quit')) as Listener)(event, undefined);
}

beforeEach(() => {
  channels.clear();
  quit.mockClear();
  handleCalls({
    handlers: { 'app.quit': quit } as unknown as Handlers,
    windowId: () => 7,
    isOurs: (url) => url.startsWith('app://dashboard/'),
    log: quiet,
  });
});

describe('calls from the page', () => {
  it('are answered on every channel of the contract, for the dashboard', async () => {
    expect([...channels.keys()]).toEqual(CALL_NAMES.map(callChannel));
    expect(await ask(ours)).toEqual({ ok: true, value: null });
  });

  it.each([
    ['IPC from another window', { ...ours, sender: { id: 8, mainFrame } }],
    ['IPC from a foreign frame', { ...ours, senderFrame: { url: mainFrame.url } }],
    ['IPC from a page that came from elsewhere', foreign('https://example.com/')],
    ['IPC from a frame that is gone', { ...ours, senderFrame: null }],
  ])('%s is refused', async (_, event) => {
    expect(await ask(event)).toMatchObject({ ok: false });
    expect(quit).not.toHaveBeenCalled();
  });
});

function foreign(url: string): unknown {
  const frame = { url };
  return { sender: { id: 7, mainFrame: frame }, senderFrame: frame };
}
