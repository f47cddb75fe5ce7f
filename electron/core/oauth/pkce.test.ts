import fc from 'fast-check';
import { expect, test } from 'vitest';
import { authorizeUrl } from './authorize-url.ts';
import { challengeOf, randomText, sameText } from './pkce.ts';

test('the challenge is that of RFC 7636, appendix B', () => {
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  expect(challengeOf(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test('verifiers and states are 32 random bytes each time', () => {
  const texts = new Set(Array.from({ length: 1000 }, randomText));
  expect(texts.size).toBe(1000);
  for (const text of texts) expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('texts are the same when they are equal, and never otherwise', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(sameText(one, one)).toBe(true);
      expect(sameText(one, other)).toBe(one === other);
    }),
  );
});

test('the authorize address says what the provider wants to hear, and not the verifier', () => {
  const url = new URL(
    authorizeUrl({
      page: 'https://claude.com/cai/oauth/authorize',
      clientId: 'client',
      redirectUri: 'http://localhost:5/callback',
      scope: 'user:profile user:inference',
      verifier: 'the-verifier',
      state: 'the-state',
    }),
  );
  expect(url.origin + url.pathname).toBe('https://claude.com/cai/oauth/authorize');
  expect([...url.searchParams]).toEqual([
    ['code', 'true'],
    ['client_id', 'client'],
    ['response_type', 'code'],
    ['redirect_uri', 'http://localhost:5/callback'],
    ['scope', 'user:profile user:inference'],
    ['code_challenge', challengeOf('the-verifier')],
    ['code_challenge_method', 'S256'],
    ['state', 'the-state'],
  ]);
  expect(url.href).not.toContain('the-verifier');
});
