import { useState } from 'react';

/** A row as it is being edited; `key` only tells rows apart. */
export type DraftRow<T> = { key: number; value: T };

const toRows = <T>(values: readonly T[]): DraftRow<T>[] => values.map((value, key) => ({ key, value }));

/** A list that is edited row by row and saved as a whole; until then nothing changes. */
export function useRowsDraft<T>(stored: readonly T[]) {
  const [draft, setDraft] = useState<DraftRow<T>[] | null>(null);
  const rows = draft ?? toRows(stored);
  return {
    rows,
    isChanged: draft !== null,
    add: (value: T) => setDraft([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, value }]),
    change: (key: number, value: T) => setDraft(rows.map((row) => (row.key === key ? { key, value } : row))),
    remove: (key: number) => setDraft(rows.filter((row) => row.key !== key)),
    /** Exchanges a row with the one before it. */
    raise: (key: number) => setDraft(raised(rows, key)),
    discard: () => setDraft(null),
  };
}

function raised<T>(rows: readonly DraftRow<T>[], key: number): DraftRow<T>[] {
  const index = rows.findIndex((row) => row.key === key);
  const [before, row] = [rows[index - 1], rows[index]];
  if (!before || !row) return [...rows];
  return [...rows.slice(0, index - 1), row, before, ...rows.slice(index + 1)];
}
