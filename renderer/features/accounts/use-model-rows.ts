import { useState } from 'react';
import { type ModelMap, modelMapSchema } from '../../../shared/account.ts';

/** A model name as clients ask for it, and as the endpoint knows it. `key` only tells rows apart. */
export type ModelRow = { key: number; from: string; to: string };

/** The name map as it is being edited. While it is off nothing is changed, but what was typed is kept. */
export function useModelRows(initial: ModelMap) {
  const [on, setOn] = useState(Object.keys(initial).length > 0);
  const [rows, setRows] = useState<ModelRow[]>(() => toRows(initial));
  const [checked, setChecked] = useState(false);
  const found = on ? rowsProblem(rows) : null;
  return {
    on,
    rows,
    /** What is wrong, once somebody tried to save it. */
    problem: checked ? found : null,
    switchTo: (next: boolean) => {
      setOn(next);
      if (next && rows.length === 0) setRows([emptyRow(rows)]);
    },
    add: () => setRows((old) => [...old, emptyRow(old)]),
    remove: (key: number) => setRows((old) => old.filter((row) => row.key !== key)),
    change: (key: number, names: Partial<Pick<ModelRow, 'from' | 'to'>>) =>
      setRows((old) => old.map((row) => (row.key === key ? { ...row, ...names } : row))),
    /** The map to send; null when a row is wrong, which is shown from then on. */
    take: (): ModelMap | null => {
      setChecked(true);
      if (found !== null) return null;
      return on ? toMap(rows) : {};
    },
  };
}

/** See {@link useModelRows}. */
export type ModelRows = ReturnType<typeof useModelRows>;

function toRows(map: ModelMap): ModelRow[] {
  return Object.entries(map).map(([from, to], key) => ({ key, from, to }));
}

function emptyRow(rows: readonly ModelRow[]): ModelRow {
  return { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, from: '', to: '' };
}

/** Rows in which something is written; trimmed. */
function written(rows: readonly ModelRow[]): [string, string][] {
  return rows
    .map((row): [string, string] => [row.from.trim(), row.to.trim()])
    .filter(([from, to]) => from !== '' || to !== '');
}

function toMap(rows: readonly ModelRow[]): ModelMap {
  return Object.fromEntries(written(rows));
}

function rowsProblem(rows: readonly ModelRow[]): string | null {
  const names = written(rows);
  if (names.some(([from, to]) => from === '' || to === '')) return 'Fill in both names of each row.';
  const twice = names.find(([from], index) => names.findIndex(([other]) => other === from) !== index);
  if (twice) return `${twice[0]} has two rows. Keep one.`;
  if (modelMapSchema.safeParse(toMap(rows)).success) return null;
  return 'Use at most 50 rows and 200 characters for each name.';
}
