/** Columns of the board. The narrow layout hides some by class. */
export const COLUMNS = [
  { key: 'session', label: 'Session', numeric: false },
  { key: 'client', label: 'Client', numeric: false },
  { key: 'account', label: 'Account', numeric: false },
  { key: 'flight', label: 'Running', numeric: true },
  { key: 'requests', label: 'Requests', numeric: true },
  { key: 'tokens', label: 'In / out', numeric: true },
  { key: 'cache', label: 'Cache', numeric: true },
  { key: 'cost', label: 'Cost', numeric: true },
  { key: 'moves', label: 'Moves', numeric: true },
  { key: 'seen', label: 'Last seen', numeric: true },
  { key: 'menu', label: 'Actions', numeric: false },
] as const;

/** Key of a column. */
export type ColumnKey = (typeof COLUMNS)[number]['key'];

/** Class names of a column's cells. */
export function cellClass(key: ColumnKey): string {
  const numeric = COLUMNS.some((column) => column.key === key && column.numeric);
  return numeric ? `ses-${key} num` : `ses-${key}`;
}
