import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importPlaces, lookAtChosen, lookAtPlace } from './import-sources.ts';

describe('places of old databases', () => {
  const places = (platform: NodeJS.Platform, env: Record<string, string>, home = '/home/ann') =>
    importPlaces({ platform, env, home }).map(({ path, configFile }) => [path, configFile]);

  it.each(['linux', 'darwin'] as const)('are in the configuration folder on %s', (platform) => {
    expect(places(platform, {})).toEqual([
      ['/home/ann/.config/ccflare/ccflare.db', '/home/ann/.config/ccflare/ccflare.json'],
      [
        '/home/ann/.config/better-ccflare/better-ccflare.db',
        '/home/ann/.config/better-ccflare/better-ccflare.json',
      ],
    ]);
    const [elsewhere] = places(platform, { XDG_CONFIG_HOME: '/x', LOCALAPPDATA: '/never' });
    expect(elsewhere).toEqual(['/x/ccflare/ccflare.db', '/x/ccflare/ccflare.json']);
  });

  it.each([
    [{ LOCALAPPDATA: 'C:\\L', APPDATA: 'C:\\R' }, 'C:\\L\\ccflare\\ccflare.db'],
    [{ LOCALAPPDATA: '', APPDATA: 'C:\\R' }, 'C:\\R\\ccflare\\ccflare.db'],
    [{}, 'C:\\Ann\\AppData\\Local\\ccflare\\ccflare.db'],
  ])('are in the application data on Windows with %j', (env, path) => {
    expect(places('win32', env, 'C:\\Ann')[0]?.[0]).toBe(path);
  });

  it('are those that variables name, first and once', () => {
    const env = {
      ccflare_DB_PATH: '/db/mine.db',
      BETTER_CCFLARE_DB_PATH: '/home/ann/.config/better-ccflare/better-ccflare.db',
      ccflare_CONFIG_PATH: '/db/mine.json',
    };
    expect(places('linux', env)).toEqual([
      ['/db/mine.db', '/db/mine.json'],
      ['/home/ann/.config/ccflare/ccflare.db', '/db/mine.json'],
      [
        '/home/ann/.config/better-ccflare/better-ccflare.db',
        '/home/ann/.config/better-ccflare/better-ccflare.json',
      ],
    ]);
  });
});

describe('looking at a place', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-sources-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const around = () => ({ platform: 'linux' as const, env: {}, home: folder });

  it('tells size and last change of the database with its log, and finds the settings', async () => {
    const path = join(folder, 'ccflare.db');
    writeFileSync(path, 'x'.repeat(10));
    writeFileSync(`${path}-wal`, 'x'.repeat(5));
    const place = { product: 'ccflare' as const, path, configFile: join(folder, 'ccflare.json') };
    expect(await lookAtPlace(place)).toMatchObject({ path, bytes: 15, configFile: null });
    writeFileSync(place.configFile, '{}');
    const found = await lookAtPlace(place);
    expect(found?.configFile).toBe(place.configFile);
    expect(found?.changedAt).toBeGreaterThan(0);
  });

  it('finds nothing where there is none, or a folder', async () => {
    const path = join(folder, 'ccflare.db');
    expect(await lookAtChosen(path, around())).toBe(null);
    mkdirSync(path);
    expect(await lookAtChosen(path, around())).toBe(null);
  });

  it('tells the product of a chosen file by the settings beside it, else by its name', async () => {
    const path = join(folder, 'copy.db');
    const better = join(folder, 'better-backup.db');
    for (const file of [path, better]) writeFileSync(file, 'x');
    expect((await lookAtChosen(path, around()))?.product).toBe('ccflare');
    expect((await lookAtChosen(better, around()))?.product).toBe('better-ccflare');
    writeFileSync(join(folder, 'better-ccflare.json'), '{}');
    expect((await lookAtChosen(path, around()))?.product).toBe('better-ccflare');
  });
});
