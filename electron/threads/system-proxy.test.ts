import { describe, expect, it } from 'vitest';
import { createSystemProxy } from './system-proxy.ts';

const ORIGIN = 'https://api.anthropic.com';

function setUp(env: Record<string, string>) {
  const asked: string[] = [];
  let changes = 0;
  const proxy = createSystemProxy({
    env,
    ask: (origin) => asked.push(origin),
    onChange: () => (changes += 1),
  });
  return { proxy, asked, changes: () => changes };
}

describe('system proxy', () => {
  it('asks the shell once per origin and takes its answer', () => {
    const { proxy, asked, changes } = setUp({});
    expect([proxy.lookUp(ORIGIN), proxy.lookUp(ORIGIN)]).toEqual([null, null]);
    expect(asked).toEqual([ORIGIN]);
    proxy.answer({ origin: ORIGIN, proxy: 'http://proxy.corp:3128' });
    expect(proxy.lookUp(ORIGIN)).toBe('http://proxy.corp:3128');
    expect(changes()).toBe(1);
    proxy.answer({ origin: ORIGIN, proxy: 'http://proxy.corp:3128' });
    expect(changes()).toBe(1);
    proxy.forget();
    proxy.lookUp(ORIGIN);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [{ HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    [{ https_proxy: 'http://p:1', NO_PROXY: 'example.com' }, 'http://p:1'],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '.anthropic.com' }, null],
    [{ HTTPS_PROXY: 'http://p:1', no_proxy: 'a, api.anthropic.com' }, null],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, null],
    [{ HTTPS_PROXY: 'nonsense' }, null],
  ] as const)('reads %j from the environment', (env, expected) => {
    expect(setUp(env).proxy.lookUp(ORIGIN)).toBe(expected);
  });
});
