import { describe, expect, it } from 'vitest';
import { hrefOf, parseHash } from './routes.ts';

describe('addresses', () => {
  it.each([
    ['', { page: 'overview', id: null }],
    ['#/requests', { page: 'requests', id: null }],
    ['#/elsewhere/7', { page: 'overview', id: null }],
    ['#/requests/%E0%A4%A', { page: 'requests', id: null }],
  ])('%j', (hash, route) => expect(parseHash(hash)).toEqual(route));

  it('survive any id', () => {
    expect(parseHash(hrefOf('accounts', 'a/b #?ü'))).toEqual({ page: 'accounts', id: 'a/b #?ü' });
  });
});
