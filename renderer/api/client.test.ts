import { describe, expect, it } from 'vitest';
import { createFakeBridge } from '../testing/fake-bridge.ts';
import { makeState } from '../testing/fixtures.ts';
import { installBridge } from '../testing/render-app.tsx';
import { CallError, call, subscribe } from './client.ts';

const bridge = () => createFakeBridge({ state: makeState() });

describe('call', () => {
  it('gives the parsed value of a good envelope', async () => {
    installBridge(bridge());
    expect((await call('state.get', undefined)).proxy.port).toBe(8459);
  });

  it('turns a bad envelope into an error with its code', async () => {
    installBridge({
      ...bridge(),
      call: () => Promise.resolve({ ok: false, error: { code: 'name_taken', message: 'Taken.' } }),
    });
    const error = await call('accounts.rename', { id: 'a', name: 'b' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ code: 'name_taken', message: 'Taken.' });
  });

  it('does not send an argument that breaks the contract', async () => {
    const fake = installBridge(bridge());
    await expect(call('accounts.setPriority', { id: 'a', priority: 1.5 })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(fake.log).toHaveLength(0);
  });

  it.each([
    ['not an envelope', 7],
    ['a value that breaks the contract', { ok: true, value: { proxy: 1 } }],
  ])('refuses %s', async (_, reply) => {
    installBridge({ ...bridge(), call: () => Promise.resolve(reply) });
    await expect(call('state.get', undefined)).rejects.toMatchObject({ code: 'internal' });
  });

  it('survives a bridge that throws', async () => {
    installBridge({ ...bridge(), call: () => Promise.reject(new Error('gone')) });
    await expect(call('state.get', undefined)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('subscribe', () => {
  it('hands over what fits, reports what does not, and ends', () => {
    const fake = installBridge(bridge());
    const seen: string[] = [];
    const end = subscribe(
      'navigate',
      ({ page }) => seen.push(page),
      () => seen.push('unreadable'),
    );
    fake.push('navigate', { page: 'accounts' });
    fake.push('navigate', JSON.parse('{"page":"elsewhere"}'));
    end();
    fake.push('navigate', { page: 'settings' });
    expect(seen).toEqual(['accounts', 'unreadable']);
  });
});
