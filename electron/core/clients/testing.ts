import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { type ClientSetup, type ClientSetupDeps, createClientSetup } from './client-setup.ts';

/** The client key of the tests; it must never come out anywhere but in the settings file and on the clipboard. */
export const KEY = 'cck_Zm9yLXRlc3RzLW9ubHktMDEyMzQ1Njc4OQ';

/** A computer with a home of its own. */
export type TestWorld = {
  readonly home: string;
  readonly dataDir: string;
  /** Path of Claude Code's settings file. */
  readonly file: string;
  /** A new run of the app over the same files. */
  start(): ClientSetup;
  /** Writes a file below the home, folders included; answers its path. */
  write(path: string, content: string | Buffer, mode?: number): string;
  read(path: string): Buffer;
  /** What would be seen outside: log, audit, events. */
  readonly seen: { logs: string[]; audits: string[]; events: string[] };
  /** Changed by tests between runs. */
  readonly now: {
    port: number | null;
    key: string;
    locked: boolean;
    ownKeys: Set<string>;
    settings: Settings;
    env: Record<string, string | undefined>;
    platform: NodeJS.Platform;
  };
  readonly clock: ReturnType<typeof createFakeClock>;
  remove(): void;
};

/** A home in a temporary folder, and an app over it that remembers what it told. */
export function createTestWorld(): TestWorld {
  const root = mkdtempSync(join(tmpdir(), 'ccflare-clients-'));
  const home = join(root, 'home');
  const dataDir = join(root, 'data');
  mkdirSync(home);
  const clock = createFakeClock();
  const seen: TestWorld['seen'] = { logs: [], audits: [], events: [] };
  const now: TestWorld['now'] = {
    port: 8459,
    key: KEY,
    locked: false,
    ownKeys: new Set([KEY]),
    settings: DEFAULT_SETTINGS,
    env: {},
    platform: 'linux',
  };
  const note = (event: string, fields?: object): void =>
    void seen.logs.push(`${event} ${JSON.stringify(fields)}`);

  function start(): ClientSetup {
    const deps: ClientSetupDeps = {
      home,
      platform: now.platform,
      env: now.env,
      dataDir,
      clock,
      log: { debug: note, info: note, warn: note, error: note },
      audit: { write: (entry) => seen.audits.push(JSON.stringify(entry)) },
      settings: { current: () => now.settings, onChange: () => () => undefined },
      events: { add: (event) => seen.events.push(JSON.stringify(event)) },
      port: () => now.port,
      key: () => {
        if (now.locked) throw new Error('The vault is locked.');
        return now.key;
      },
      revealKey: () => now.key,
      isOwnKey: (secret) => now.ownKeys.has(secret),
      managedSettingsFile: join(home, 'managed-settings.json'),
    };
    return createClientSetup(deps);
  }

  return {
    home,
    dataDir,
    file: join(home, '.claude', 'settings.json'),
    start,
    write(path, content, mode) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, mode === undefined ? {} : { mode });
      return file;
    },
    read: (path) => readFileSync(join(home, path)),
    seen,
    now,
    clock,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
