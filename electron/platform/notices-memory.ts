import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Notice } from './notices.ts';

/** Most notices remembered; there is about one per account. */
const MAX_REMEMBERED = 500;

/** Until when a notice is not said again, UTC ms, by its key. */
const memorySchema = z
  .record(z.string().max(200), z.number())
  .refine((memory) => Object.keys(memory).length <= MAX_REMEMBERED);

/**
 * Remembers what was said, so that nothing is said twice in a row, or again before its time. Answers the notices
 * that are to be shown. What has a time is kept in `file`, since a start says it otherwise anew; the rest is forgotten
 * when the app quits.
 */
export function createNoticeMemory(file: string): (notices: readonly Notice[], now: number) => Notice[] {
  const quietUntil = readMemory(file);
  let lastKey = '';
  return (notices, now) => {
    for (const [key, until] of quietUntil) if (until <= now) quietUntil.delete(key);
    let isNew = false;
    const unsaid = notices.filter((notice) => {
      if (quietUntil.has(notice.key)) return false;
      if (notice.quietUntil !== undefined) {
        quietUntil.set(notice.key, notice.quietUntil);
        isNew = true;
        return true;
      }
      if (notice.key === lastKey) return false;
      lastKey = notice.key;
      return true;
    });
    if (isNew) writeMemory(file, quietUntil);
    return unsaid;
  };
}

function readMemory(file: string): Map<string, number> {
  try {
    return new Map(Object.entries(memorySchema.parse(JSON.parse(readFileSync(file, 'utf8')))));
  } catch {
    // Missing or damaged: a notice comes once more, nothing worse.
    return new Map();
  }
}

function writeMemory(file: string, memory: ReadonlyMap<string, number>): void {
  try {
    writeFileSync(file, JSON.stringify(Object.fromEntries(memory)), { mode: 0o600 });
  } catch {
    // As above.
  }
}
