import { constants } from 'node:fs';
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';

/** Bytes written at once. */
const CHUNK = 1024 * 1024;

/** Windows knows no such flag. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * Overwrites a file with zeros, waits for the disk, and removes it. A link is removed without touching what it points
 * to; a file that is not there is fine. Drives that move blocks about (SSDs, snapshots) may keep old ones all the
 * same; only an encrypted disk helps there. Throws what the file system throws.
 */
export async function eraseFile(file: string): Promise<void> {
  const stats = await lstat(file).catch(ignoreMissing);
  if (stats === null) return;
  if (stats.isFile()) await zero(file);
  await unlink(file);
}

async function zero(file: string): Promise<void> {
  const handle = await open(file, constants.O_RDWR | NO_FOLLOW);
  try {
    const { size } = await handle.stat();
    await writeZeros(handle, size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeZeros(handle: FileHandle, size: number): Promise<void> {
  const zeros = Buffer.alloc(Math.min(CHUNK, size));
  for (let at = 0; at < size; ) {
    const { bytesWritten } = await handle.write(zeros, 0, Math.min(CHUNK, size - at), at);
    at += bytesWritten;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
