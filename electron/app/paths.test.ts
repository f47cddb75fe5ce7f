import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolvePaths } from './paths.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ccflare-paths-'));
const options = {
  main: '/app/out/main',
  appData: path.join(folder, 'config'),
  resources: '/app/resources',
  tmp: folder,
};

describe('paths', () => {
  it('keeps the data where the system keeps it, for the user only', () => {
    const paths = resolvePaths({ ...options, dataDir: null, demo: false });
    expect(paths).toMatchObject({ temporary: false, preload: '/app/out/preload/preload.cjs' });
    expect(paths.dataDir.startsWith(options.appData)).toBe(true);
    expect(statSync(paths.dataDir).mode & 0o777).toBe(0o700);
  });

  it('a demo never touches the real data', () => {
    const { dataDir, temporary } = resolvePaths({ ...options, dataDir: null, demo: true });
    expect(dataDir.startsWith(path.join(folder, 'ccflare-demo-'))).toBe(true);
    expect(temporary).toBe(true);
  });

  it('a demo in a named folder stays there', () => {
    const dataDir = path.join(folder, 'named');
    expect(resolvePaths({ ...options, dataDir, demo: true })).toMatchObject({ dataDir, temporary: false });
  });

  it('a new demo removes what ended ones left, and spares running ones', () => {
    const ended = path.join(folder, 'ccflare-demo-ended');
    const running = path.join(folder, 'ccflare-demo-running');
    mkdirSync(path.join(ended, 'chromium'), { recursive: true });
    mkdirSync(path.join(running, 'logs'), { recursive: true });
    resolvePaths({ ...options, dataDir: null, demo: true });
    expect([existsSync(ended), existsSync(running)]).toEqual([false, true]);
  });

  it('a folder that cannot be made is an error', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(() => resolvePaths({ ...options, dataDir: path.join(file, 'data'), demo: false })).toThrow();
  });
});
