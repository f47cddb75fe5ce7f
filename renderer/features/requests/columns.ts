/** Columns of the list; `numeric` ones are right-aligned. The narrow layout hides some by class. */
export const COLUMNS = [
  { key: 'time', label: 'Time', numeric: false },
  { key: 'status', label: 'Status', numeric: false },
  { key: 'model', label: 'Model', numeric: false },
  { key: 'account', label: 'Account', numeric: false },
  { key: 'session', label: 'Session', numeric: false },
  { key: 'in', label: 'In', numeric: true },
  { key: 'out', label: 'Out', numeric: true },
  { key: 'cache', label: 'Cache', numeric: true },
  { key: 'cost', label: 'Cost', numeric: true },
  { key: 'first', label: 'First byte', numeric: true },
  { key: 'duration', label: 'Duration', numeric: true },
] as const;

/** Key of a column. */
export type ColumnKey = (typeof COLUMNS)[number]['key'];

/** Class names of a column's cells. */
export function cellClass(key: ColumnKey): string {
  const numeric = COLUMNS.some((column) => column.key === key && column.numeric);
  return numeric ? `col-${key} num` : `col-${key}`;
}
