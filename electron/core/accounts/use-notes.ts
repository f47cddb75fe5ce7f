import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook } from './account-book.ts';

/** Uses are written at most this often, ms. */
const WRITE_EVERY_MS = 30_000;

/** What requests teach about an account by the way: kept in memory, written rarely. */
export type UseNotes = {
  touched(id: string, at: number): void;
  /** True when this is news. */
  sawOrganization(id: string, organizationId: string): boolean;
  lastUsedAt(id: string): number | null;
  /** Whose account it is, what requests taught included. */
  owner(id: string): Owner;
  flush(): void;
  /** The account has another credential: what requests taught about the old one's owner is not about the new one. */
  forgetOwner(id: string): void;
  forget(id: string): void;
};

/** Longest id of an organisation that is kept, characters. */
const MAX_ID = 100;

type Owner = Pick<AccountRow, 'providerAccountId' | 'email' | 'organizationId' | 'organizationName' | 'plan'>;

type Note = { lastUsedAt?: number } & Partial<Owner>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a profile said of a login is about nobody any more when its credential turns out to be another organisation's. */
const NOBODY = { providerAccountId: null, email: null, organizationName: null, plan: null } as const;

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

  /** Where a profile named the organisation, only an id of the same form that differs is news. */
  function learned({ providerAccountId }: AccountRow, before: string | null, seen: string): Note | null {
    if (providerAccountId === null || before === null) return { organizationId: seen };
    const other = before.toLowerCase() !== seen.toLowerCase() && UUID.test(before) && UUID.test(seen);
    return other ? { organizationId: seen, ...NOBODY } : null;
  }

  return {
    touched(id, at) {
      if (deps.book.row(id) !== undefined) note(id, { lastUsedAt: at });
    },
    sawOrganization(id, said) {
      const seen = said.slice(0, MAX_ID);
      const row = deps.book.row(id);
      const before = organizationId(id);
      if (row === undefined || before === seen) return false;
      const news = learned(row, before, seen);
      if (news !== null) note(id, news);
      return news !== null;
    },
    lastUsedAt: (id) => notes.get(id)?.lastUsedAt ?? deps.book.row(id)?.lastUsedAt ?? null,
    owner(id) {
      const owner = { ...deps.book.existing(id), ...notes.get(id) };
      const { providerAccountId, email, organizationId, organizationName, plan } = owner;
      return { providerAccountId, email, organizationId, organizationName, plan };
    },
    flush,
    forgetOwner(id) {
      const lastUsedAt = notes.get(id)?.lastUsedAt;
      if (lastUsedAt === undefined) notes.delete(id);
      else notes.set(id, { lastUsedAt });
    },
    forget: (id) => void notes.delete(id),
  };
}
