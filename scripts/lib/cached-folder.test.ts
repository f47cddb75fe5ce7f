import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cachedFolder } from './cached-folder.mjs';

let cache = '';

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'ccflare-cache-'));
  vi.stubEnv('CCFLARE_CACHE_DIR', cache);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

const fill = vi.fn(async (folder: string) => {
  await Promise.resolve();
  writeFileSync(path.join(folder, 'done'), '');
});

it('builds a folder once, also for callers at the same time', async () => {
  const [first, second] = await Promise.all([cachedFolder('tool-1', fill), cachedFolder('tool-1', fill)]);
  expect(first).toBe(second);
  expect(existsSync(path.join(first, 'done'))).toBe(true);
  expect(fill).toHaveBeenCalledTimes(1);
});

it('leaves nothing behind when the build fails', async () => {
  await expect(cachedFolder('tool-2', () => Promise.reject(new Error('no network')))).rejects.toThrow(
    'no network',
  );
  expect(readdirSync(cache)).toEqual([]);
});

it('takes over the lock of a run that has ended', async () => {
  const noProcess = '4194305'; // above the highest process id Linux gives
  writeFileSync(path.join(cache, 'tool-3.lock'), noProcess);
  await expect(cachedFolder('tool-3', fill)).resolves.toBe(path.join(cache, 'tool-3'));
});
