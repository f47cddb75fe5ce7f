import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../ports.ts';
import type { AccountBook } from './account-book.ts';

/** Uses are written at most this often, ms. */
const WRITE_EVERY_MS = 30_000;

/** What requests teach about an account by the way: kept in memory, written rarely. */
export type UseNotes = {
  touched(id: string, at: number): void;
  /** True when this is news. */
  sawOrganization(id: string, organizationId: string): boolean;
  lastUsedAt(id: string): number | null;
  organizationId(id: string): string | null;
  flush(): void;
  forget(id: string): void;
};

type Note = { lastUsedAt?: number; organizationId?: string };

/** See {@link UseNotes}. */
export function createUseNotes(deps: { book: AccountBook; clock: Clock; log: Logger }): UseNotes {
  const notes = new Map<string, Note>();
  let timer: Timer | null = null;

  function note(id: string, part: Note): void {
    const before = notes.get(id);
    if (before === undefined) notes.set(id, part);
    else Object.assign(before, part);
    timer ??= deps.clock.after(WRITE_EVERY_MS, flush);
  }

  function flush(): void {
    timer?.cancel();
    timer = null;
    for (const [id, change] of [...notes]) {
      notes.delete(id);
      if (deps.book.row(id) !== undefined) write(id, change);
    }
  }

  /** A last use that is not written is no reason to fail anything. */
  function write(id: string, change: Note): void {
    try {
      deps.book.change(id, change);
    } catch {
      deps.log.warn('account_use_not_written', { accountId: id });
    }
  }

  const organizationId = (id: string): string | null =>
    notes.get(id)?.organizationId ?? deps.book.row(id)?.organizationId ?? null;

  return {
    touched(id, at) {
      if (deps.book.row(id) !== undefined) note(id, { lastUsedAt: at });
    },
    sawOrganization(id, seen) {
      if (deps.book.row(id) === undefined || organizationId(id) === seen) return false;
      note(id, { organizationId: seen.slice(0, 100) });
      return true;
    },
    lastUsedAt: (id) => notes.get(id)?.lastUsedAt ?? deps.book.row(id)?.lastUsedAt ?? null,
    organizationId,
    flush,
    forget: (id) => void notes.delete(id),
  };
}
