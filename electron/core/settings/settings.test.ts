import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { createSettings } from './settings.ts';

let rows: Map<string, string>;
let warnings: string[];

beforeEach(() => {
  rows = new Map();
  warnings = [];
});

function create(env: Record<string, string> = {}) {
  const nothing = (): void => undefined;
  const log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (event: string) => void warnings.push(event),
  };
  const store = {
    list: () => new Map(rows),
    put: (entries: ReadonlyMap<string, string>) => {
      for (const [key, text] of entries) rows.set(key, text);
    },
  };
  return createSettings({ store, env, log });
}

test('a fresh install has the defaults', () => {
  expect(create().current()).toEqual(DEFAULT_SETTINGS);
  expect(warnings).toEqual([]);
});

test.each(['{', '"many"', '99999999', 'null'])(
  'a stored row that does not fit (%s) falls back, with a warning',
  (text) => {
    rows.set('retryAttempts', text);
    rows.set('theme', '"dark"');
    rows.set('fromTheFuture', '1');
    expect(create().current()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
    expect(warnings).toEqual(['setting_row_ignored']);
  },
);

test('a change is stored and told once, with the keys that really changed', () => {
  const settings = create();
  const told: unknown[] = [];
  const stop = settings.onChange((current, changed) => told.push([current.port, [...changed]]));
  settings.patch({ port: 9000, theme: 'system' });
  settings.patch({ port: 9000 });
  stop();
  settings.patch({ port: 9001 });
  expect(told).toEqual([[9000, ['port']]]);
  expect(create().current().port).toBe(9001);
});

test('a value out of bounds changes nothing and names field and bound', () => {
  const settings = create();
  expect(() => settings.patch({ theme: 'dark', port: 70_000 })).toThrow(/"port".*65535/);
  expect(settings.current()).toEqual(DEFAULT_SETTINGS);
  expect(() => settings.patch({ nonsense: 1 } as never)).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
  expect(rows.size).toBe(0);
});

test('the environment wins for this run and is never stored', () => {
  rows.set('port', '9000');
  const settings = create({ PORT: '9100', RETRY_BACKOFF: '1.5', LOG_LEVEL: 'DEBUG', RETRY_DELAY_MS: ' ' });
  expect(settings.current()).toMatchObject({
    port: 9100,
    retryBackoff: 1.5,
    logLevel: 'debug',
    retryDelayMs: 1500,
  });
  expect(settings.overridden.get('port')).toBe('PORT');
  settings.patch({ theme: 'dark' });
  expect([...rows]).toEqual([
    ['port', '9000'],
    ['theme', '"dark"'],
  ]);
  expect(() => settings.patch({ port: 1 })).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(() => settings.patch({ port: 1 })).toThrow(/PORT/);
});

test('only words may be written in any case: each letter of a client id counts', () => {
  const settings = create({ CLIENT_ID: ' Client-ID-ABC ', LB_STRATEGY: 'SESSION' });
  expect(settings.current()).toMatchObject({ oauthClientId: 'Client-ID-ABC', strategy: 'session' });
  expect(settings.overridden.get('oauthClientId')).toBe('CLIENT_ID');
  expect(() => settings.patch({ oauthClientId: 'other' })).toThrow(/CLIENT_ID/);
});

test('a variable that does not fit is ignored and said', () => {
  const settings = create({
    PORT: 'eighty',
    LB_STRATEGY: 'dice',
    RETRY_ATTEMPTS: '99',
    RETRY_DELAY_MS: '30000',
  });
  expect(settings.current()).toEqual(DEFAULT_SETTINGS);
  expect(settings.overridden.size).toBe(0);
  expect(settings.problems).toHaveLength(4);
  expect(settings.problems).toContainEqual(expect.stringMatching(/RETRY_DELAY_MS .*10000/));
  expect(settings.problems[0]).toContain('LB_STRATEGY');
});

test('a listener that fails does not keep the others from hearing', () => {
  const settings = create();
  let heard = 0;
  settings.onChange(() => {
    throw new Error('broken');
  });
  settings.onChange(() => {
    heard += 1;
  });
  settings.patch({ theme: 'dark' });
  expect(heard).toBe(1);
});
