import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { connectThread, serveThread, ThreadCallError } from './thread-rpc.ts';

type Calls = { double: { argument: number; answer: number }; fail: { argument: undefined; answer: null } };
type Events = { tick: number };

const open: { close(): void }[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function pair() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const send = serveThread<Calls, Events>(
    port2,
    {
      double: (value) => Promise.resolve(value * 2),
      fail: () => {
        throw new Error('inside detail');
      },
    },
    () => ({ code: 'internal', message: 'outside words' }),
  );
  return { client: connectThread<Calls, Events>(port1), send, port1, port2 };
}

describe('thread calls', () => {
  it('answers calls in any order', async () => {
    const { client } = pair();
    expect(await Promise.all([1, 2, 3].map((value) => client.call('double', value)))).toEqual([2, 4, 6]);
  });

  it('lets only the view of an error cross the border', async () => {
    const { client } = pair();
    const error = await client.call('fail', undefined).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ThreadCallError);
    expect((error as ThreadCallError).view).toEqual({ code: 'internal', message: 'outside words' });
  });

  it('delivers events', async () => {
    const { client, send } = pair();
    const seen = new Promise((resolve) => client.on('tick', resolve));
    send('tick', 5);
    expect(await seen).toBe(5);
  });

  it('fails open and later calls when the thread is down', async () => {
    const { client } = pair();
    const waiting = client.call('double', 1).catch((error: ThreadCallError) => error.view.code);
    client.close({ code: 'thread_down', message: 'gone' });
    expect(await waiting).toBe('thread_down');
    await expect(client.call('double', 1)).rejects.toMatchObject({ view: { code: 'thread_down' } });
  });

  it('ignores what is not a message of its own, and names of the prototype', async () => {
    const { client, port1 } = pair();
    port1.postMessage('noise');
    port1.postMessage({ type: 'call', seq: 'x' });
    await expect(client.call('toString' as 'double', 1)).rejects.toBeInstanceOf(ThreadCallError);
    expect(await client.call('double', 4)).toBe(8);
  });
});
