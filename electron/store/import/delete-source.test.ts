import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { deleteSource } from './delete-source.ts';

const disk = vi.hoisted(() => ({ held: false }));

/** A file system on which a file that a program holds cannot be moved or removed, as that of Windows. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const refuseHeld = (): void => {
    if (disk.held) throw Object.assign(new Error('held'), { code: 'EBUSY' });
  };
  return {
    ...real,
    rename: async (...args: Parameters<typeof real.rename>) => {
      refuseHeld();
      await real.rename(...args);
    },
    unlink: async (...args: Parameters<typeof real.unlink>) => {
      refuseHeld();
      await real.unlink(...args);
    },
  };
});

const HEADER = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080, 7)]);
let folder: string;
let old: string;

beforeEach(() => {
  disk.held = false;
  folder = mkdtempSync(join(tmpdir(), 'ccflare-delete-'));
  for (const name of ['old', 'data']) mkdirSync(join(folder, name));
  old = join(folder, 'old', 'ccflare.db');
  for (const suffix of ['', '-wal', '-shm']) writeFileSync(old + suffix, HEADER);
});

test('an old database goes with its log files', async () => {
  await deleteSource(join(folder, 'data'), old);
  expect(readdirSync(join(folder, 'old'))).toEqual([]);
});

test('one that a program holds is refused whole, not emptied under its hands', async () => {
  disk.held = true;
  await expect(deleteSource(join(folder, 'data'), old)).rejects.toMatchObject({ code: 'conflict' });
  for (const suffix of ['', '-wal', '-shm']) expect(readFileSync(old + suffix)).toEqual(HEADER);
});
