import type { Notice } from './notices.ts';

/**
 * Remembers what was said, so that nothing is said twice in a row, or again before its time. Answers the notices
 * that are to be shown. What was said is forgotten when the app quits.
 */
export function createNoticeMemory(): (notices: readonly Notice[], now: number) => Notice[] {
  const quietUntil = new Map<string, number>();
  let lastKey = '';
  return (notices, now) => {
    for (const [key, until] of quietUntil) if (until <= now) quietUntil.delete(key);
    return notices.filter((notice) => {
      if (quietUntil.has(notice.key)) return false;
      if (notice.quietUntil !== undefined) {
        quietUntil.set(notice.key, notice.quietUntil);
        return true;
      }
      if (notice.key === lastKey) return false;
      lastKey = notice.key;
      return true;
    });
  };
}
