import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Text that a random generator would make: long, and with a digit and a capital in it. */
const secret = fc
  .array(fc.constantFrom(...URL_SAFE), { minLength: 24, maxLength: 120 })
  .map((letters) => `Q7${letters.join('')}`);

const around = fc.string({ maxLength: 60 });

/** Every place a secret turns up in. */
const PLACES: Record<string, (secret: string) => string> = {
  'provider key': (s) => `sk-ant-api03-${s}`,
  'OAuth access token': (s) => `sk-ant-oat01-${s}`,
  'OAuth refresh token': (s) => `sk-ant-ort01-${s}`,
  'client key': (s) => `cck_${s}`,
  'path with key': (s) => `POST http://127.0.0.1:8459/k/${s}/v1/messages?beta=true`,
  'bare path with key': (s) => `HEAD /k/${s}`,
  bearer: (s) => `authorization: Bearer ${s}`,
  'bearer in a list of headers': (s) => `["authorization","Bearer ${s}"]`,
  'basic proxy login': (s) => `Proxy-Authorization: Basic ${s}`,
  'key header': (s) => `x-api-key: ${s}`,
  'key header in JSON': (s) => `{"x-api-key":"${s}"}`,
  'key header in a log line': (s) => `x-ccflare-key="${s}"`,
  cookie: (s) => `Cookie: theme=dark; session=${s}`,
  'token answer': (s) => `{"token_type":"Bearer","access_token":"${s}","expires_in":28800}`,
  'token answer with spaces': (s) => `{ "refresh_token" : "${s}" }`,
  'JSON in JSON': (s) => JSON.stringify(JSON.stringify({ access_token: s, n: 1 })),
  'JSON in JSON in JSON': (s) =>
    JSON.stringify(JSON.stringify({ body: JSON.stringify({ refreshToken: s }) })),
  'camel case': (s) => `{"refreshToken":"${s}"}`,
  form: (s) => `grant_type=refresh_token&refresh_token=${s}&client_id=x`,
  'authorization code': (s) => `{"code":"${s}"}`,
  'code in an address': (s) => `http://localhost:54545/callback?code=${s}&state=${s}`,
  verifier: (s) => `code_verifier=${s}`,
  'object as text': (s) => `{ apiKey: '${s}' }`,
  JWT: (s) => `eyJhbGciOiJIUzI1NiJ9.${s}.${s}`,
};

describe('redact', () => {
  for (const [place, put] of Object.entries(PLACES)) {
    it(`takes out a secret as ${place}, whatever stands around it`, () => {
      fc.assert(
        fc.property(secret, around, around, (value, before, after) => {
          expect(redact(`${before} ${put(value)} ${after}`)).not.toContain(value);
        }),
      );
    });
  }

  it('keeps the passphrase out, spaces included', () => {
    expect(redact('{"passphrase":"correct horse battery","mode":"passphrase"}')).toBe(
      '{"passphrase":"[redacted]","mode":"passphrase"}',
    );
  });

  it('keeps JSON readable at every depth', () => {
    const twice = JSON.stringify(JSON.stringify({ access_token: 'Q7abcdefgh', n: 1 }));
    expect(JSON.parse(JSON.parse(redact(twice)))).toEqual({ access_token: '[redacted]', n: 1 });
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(PLACES)), secret, around, (put, value, before) => {
        const once = redact(before + put(value));
        expect(redact(once)).toBe(once);
      }),
    );
  });

  it('leaves ordinary log lines alone', () => {
    const lines = [
      'proxy_listening port=8459 state="listening"',
      'start_failed code="port_in_use" syscall="listen" errno="EADDRINUSE"',
      '{"code":"ERR_HTTP_REQUEST_TIMEOUT","status":408,"state":"sign-in-needed"}',
      'request_done path="/v1/messages?beta=true" status=200 input_tokens=12 maxTokens=400',
      'tokens used: 12, bearer of bad news',
    ];
    expect(lines.slice(0, 4).map(redact)).toEqual(lines.slice(0, 4));
    expect(redact('account_added name="task-ant-farm"')).toBe('account_added name="task-ant-farm"');
  });

  it('stays linear on hostile text', () => {
    const long = [
      `access_token${' '.repeat(200_000)}`,
      '\\'.repeat(200_000),
      'bearer '.repeat(30_000),
      '"code":"'.repeat(25_000),
      `authorization: ${'a'.repeat(200_000)}`,
      '/k/'.repeat(60_000),
    ];
    for (const text of long) expect(redact(text).length).toBeLessThanOrEqual(text.length * 3);
  });
});
