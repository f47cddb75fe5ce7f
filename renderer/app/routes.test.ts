import { describe, expect, it } from 'vitest';
import { hrefOf, parseHash, requestsHref } from './routes.ts';

describe('addresses', () => {
  it.each([
    ['', { page: 'overview' }],
    ['#/requests', { page: 'requests' }],
    ['#/elsewhere/7', { page: 'overview' }],
    ['#/requests/%E0%A4%A', { page: 'requests' }],
    ['#/requests?text=%E0%A4%A', { page: 'requests', text: '\ufffd%A' }],
  ])('%j', (hash, route) => expect(parseHash(hash)).toEqual({ id: null, text: null, ...route }));

  it('survive any id, and any text', () => {
    expect(parseHash(hrefOf('accounts', 'a/b #?ü'))).toEqual({
      page: 'accounts',
      id: 'a/b #?ü',
      text: null,
    });
    expect(parseHash(requestsHref('a/b #?&ü'))).toEqual({ page: 'requests', id: null, text: 'a/b #?&ü' });
  });
});
