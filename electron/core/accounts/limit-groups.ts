import type { Account } from '../ports.ts';
import type { AccountBook } from './account-book.ts';
import type { UseNotes } from './use-notes.ts';

/** Which accounts draw from the same limits. */
export type LimitGroups = {
  /** Oldest first, the account's own id among them; the same array until something changes. */
  sharing(id: string): readonly string[];
  /** Something about an account has changed. */
  changed(): void;
};

/**
 * Keys of one organisation share its limits; a subscription's limits are a person's within an organisation, and
 * logins of one organisation of which no person is known count as one.
 */
export function createLimitGroups(book: AccountBook, notes: UseNotes): LimitGroups {
  let groups: Map<string, readonly string[]> | null = null;

  function build(): Map<string, readonly string[]> {
    const byKey = new Map<string, string[]>();
    const byId = new Map<string, readonly string[]>();
    for (const account of [...book.all()].sort(oldestFirst)) {
      const key = keyOf(account);
      const group = byKey.get(key) ?? [];
      group.push(account.id);
      byKey.set(key, group);
      byId.set(account.id, group);
    }
    return byId;
  }

  /** An account of which no organisation is known is alone. */
  function keyOf({ id, kind }: Account): string {
    const { organizationId, providerAccountId } = notes.owner(id);
    if (organizationId === null) return id;
    const person = kind === 'oauth' ? providerAccountId : null;
    return JSON.stringify([kind, organizationId.toLowerCase(), person]);
  }

  return {
    sharing(id) {
      groups ??= build();
      return groups.get(id) ?? [id];
    },
    changed() {
      groups = null;
    },
  };
}

function oldestFirst(a: Account, b: Account): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
