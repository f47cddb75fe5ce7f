import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leadsTo, readRedirect, refusalError } from './redirect.ts';

const HOSTED = 'https://platform.claude.com/oauth/code/callback';
const found = { kind: 'code', code: 'abc-1_2', state: 'st-ate' };

test.each([
  ['what the hosted page shows', 'abc-1_2#st-ate'],
  ['the same with spaces and line breaks of copying', '  abc-\n1_2#st-ate \r\n'],
  ['the same with more of the address', 'abc-1_2&x=1#st-ate?y=2&z'],
  ['the whole address', `${HOSTED}?code=abc-1_2&state=st-ate`],
  ['an address with the state behind the #', `${HOSTED}?code=abc-1_2#st-ate`],
  ['an address with a fragment of its own', `${HOSTED}?code=abc-1_2&state=st-ate#top`],
  ['a loopback address', 'http://localhost:54545/callback?state=st-ate&code=abc-1_2'],
  ['a query', '?code=abc-1_2&state=st-ate'],
  ['a query without its mark', 'state=st-ate&code=abc-1_2'],
])('reads %s', (_name, text) => {
  expect(readRedirect(text)).toEqual(found);
});

test.each([
  ['nothing', ''],
  ['spaces', '  \n'],
  ['an address without a code', `${HOSTED}?state=st-ate`],
  ['an empty code', `${HOSTED}?code=&state=st-ate`],
  ['a state alone', '#st-ate'],
  ['an address of something else', 'https://example.com/'],
  ['signs that no code has', 'äöü#st-ate'],
  ['a text without end', 'x'.repeat(9000)],
  ['a code that is too long', `${'x'.repeat(2049)}#st-ate`],
  ['a state with control characters', `${HOSTED}?code=a&state=%00%1b`],
])('%s is no answer', (_name, text) => {
  expect(readRedirect(text)).toEqual({ kind: 'unreadable' });
});

test.each(['code', 'state', 'error'])(
  'an address to which somebody added a second %s is not believed',
  (name) => {
    const address = `${HOSTED}?code=abc&state=st&error=no`.replace(name === 'error' ? '' : '&error=no', '');
    expect(readRedirect(`${address}&${name}=other`)).toEqual({ kind: 'unreadable' });
  },
);

test('a code without a state says so', () => {
  expect(readRedirect('abc')).toEqual({ kind: 'code', code: 'abc', state: null });
});

describe('refusals', () => {
  const refusal = (query: string) => {
    const redirect = readRedirect(`${HOSTED}?${query}`);
    if (redirect.kind !== 'refused') throw new Error(redirect.kind);
    return { redirect, error: refusalError(redirect) };
  };

  test('the person’s own no is told with the provider’s words', () => {
    const { redirect, error } = refusal(
      'error=access_denied&error_description=The%20user+denied%0Athe request&state=st',
    );
    expect(redirect.state).toBe('st');
    expect(error.code).toBe('sign_in_denied');
    expect(error.message).toContain('"The user denied therequest"');
  });

  test('a refusal wins over a code that comes with it', () => {
    expect(refusal('code=abc&error=access_denied').error.code).toBe('sign_in_denied');
  });

  test.each([
    ['invalid_scope', 'Check the sign-in settings'],
    ['temporarily_unavailable', 'in a few minutes'],
  ])('%s is the provider’s no', (error, next) => {
    const refused = refusal(`error=${error}`).error;
    expect(refused.code).toBe('sign_in_refused');
    expect(refused.message).toContain(error);
    expect(refused.message).toContain(next);
  });

  test('words that would fill or fool the window are cut and made plain', () => {
    const words = encodeURIComponent(`a\u202e\u0007b${'x'.repeat(5000)}`);
    const { redirect } = refusal(`error=<script>&error_description=${words}`);
    expect(redirect.error).toBe('');
    expect(redirect.words).toMatch(/^a bx+\.\.\.$/);
    expect(redirect.words.length).toBeLessThan(210);
  });
});

describe('whatever comes', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .tuple(fc.constantFrom('?code=', 'code=', '#', '?error=access_denied&error_description='), fc.string())
      .map((parts) => parts.join('')),
  );

  test('it is read without throwing, and no value can break a line or a header', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const redirect = readRedirect(text);
        if (redirect.kind === 'code')
          expect(redirect.code + (redirect.state ?? '')).toMatch(/^[\x21-\x7e]+$/);
        if (redirect.kind !== 'refused') return;
        expect(redirect.words).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(Array.from(redirect.words).length).toBeLessThanOrEqual(203);
        expect(refusalError(redirect).message.length).toBeLessThan(600);
      }),
    );
  });

  const value = fc.stringMatching(/^[A-Za-z0-9._~-]{1,60}$/);
  test('every code and state comes back in each of its forms', () => {
    fc.assert(
      fc.property(value, value, (code, state) => {
        const query = new URLSearchParams({ code, state });
        for (const text of [`${code}#${state}`, `${HOSTED}?${query}`, `?${query}`]) {
          expect(readRedirect(text)).toEqual({ kind: 'code', code, state });
        }
      }),
    );
  });
});

test('an address leads to the redirect by origin and path, and by nothing less', () => {
  expect(leadsTo(HOSTED, `${HOSTED}?code=a#b`)).toBe(true);
  for (const other of [
    'https://platform.claude.com.evil.example/oauth/code/callback',
    'https://platform.claude.com@evil.example/oauth/code/callback',
    'http://platform.claude.com/oauth/code/callback',
    'https://platform.claude.com:444/oauth/code/callback',
    `${HOSTED}/more`,
    'not an address',
  ]) {
    expect(leadsTo(HOSTED, other)).toBe(false);
  }
});
