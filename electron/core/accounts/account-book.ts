import type { ModelMap } from '../../../shared/account.ts';
import { AppError } from '../errors.ts';
import type { Account } from '../ports.ts';
import type { AccountRow, AccountStore } from '../store-ports.ts';

/** A change of some fields of a row. */
export type AccountChange = Partial<Omit<AccountRow, 'id'>>;

/** The rows in memory, written through to the store; what is read here is what is on disk. */
export type AccountBook = {
  /** Reads all rows again. */
  load(): void;
  /** Priority ascending, then createdAt, then id; the same array until something changes. Holds no secret. */
  all(): readonly Account[];
  account(id: string): Account | undefined;
  row(id: string): AccountRow | undefined;
  rows(): Iterable<AccountRow>;
  /** @throws AppError `not_found` */
  existing(id: string): AccountRow;
  /** Compared without regard to case. */
  named(name: string): AccountRow | undefined;
  insert(row: AccountRow): void;
  change(id: string, change: AccountChange): void;
  /** Takes over what another writer stored. Answers the row, or undefined when it is gone. */
  reload(id: string): AccountRow | undefined;
  remove(id: string): void;
};

/** See {@link AccountBook}. */
export function createAccountBook(store: AccountStore): AccountBook {
  const rows = new Map<string, AccountRow>();
  const accounts = new Map<string, Account>();
  let sorted: readonly Account[] | null = [];

  function keep(row: AccountRow): void {
    const before = accounts.get(row.id);
    rows.set(row.id, row);
    if (before !== undefined && sameAccount(before, row)) return;
    accounts.set(row.id, publicPart(row));
    sorted = null;
  }
  function drop(id: string): void {
    rows.delete(id);
    accounts.delete(id);
    sorted = null;
  }

  return {
    load() {
      const fresh = store.list();
      const ids = new Set(fresh.map((row) => row.id));
      for (const id of [...rows.keys()]) if (!ids.has(id)) drop(id);
      for (const row of fresh) keep(row);
    },
    all() {
      sorted ??= [...accounts.values()].sort(inOrder);
      return sorted;
    },
    account: (id) => accounts.get(id),
    row: (id) => rows.get(id),
    rows: () => rows.values(),
    existing: (id) => rows.get(id) ?? missing(),
    named: (name) => [...rows.values()].find((row) => sameName(row.name, name)),
    insert(row) {
      store.insert(row);
      keep(row);
    },
    change(id, change) {
      store.update(id, change);
      const row = rows.get(id);
      if (row !== undefined) keep({ ...row, ...change });
    },
    reload(id) {
      const row = store.list().find((candidate) => candidate.id === id);
      if (row === undefined) drop(id);
      else keep(row);
      return row;
    },
    remove(id) {
      store.remove(id);
      drop(id);
    },
  };
}

/** Whether two account names are one to a person. */
export function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function missing(): never {
  throw new AppError('not_found', 'There is no such account any more. It may have been removed meanwhile.');
}

function publicPart(row: AccountRow): Account {
  const { id, name, kind, baseUrl, priority, paused, createdAt, headerStyle, modelMap } = row;
  return { id, name, kind, baseUrl, priority, paused, createdAt, headerStyle, modelMap };
}

function sameAccount({ modelMap, ...account }: Account, row: AccountRow): boolean {
  const fields = Object.keys(account) as (keyof typeof account)[];
  return fields.every((field) => account[field] === row[field]) && sameNames(modelMap, row.modelMap);
}

/** Whether two model maps say the same; those of a row read again are other objects. */
export function sameNames(one: ModelMap, other: ModelMap): boolean {
  return one === other || JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));
}

function inOrder(a: Account, b: Account): number {
  return a.priority - b.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
