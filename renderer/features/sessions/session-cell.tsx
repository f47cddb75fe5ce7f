import type { ReactNode } from 'react';
import { COLUMNS, type ColumnKey, cellClass } from './session-columns.ts';

type SessionCellProps = {
  column: ColumnKey;
  /** More than fits, on hover. */
  title?: string | undefined;
  /** The second, fainter line. */
  below?: ReactNode;
  children: ReactNode;
};

/** One cell of the board: a line, and a fainter one below it. */
export function SessionCell({ column, title, below, children }: SessionCellProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do.
    <div role="gridcell" tabIndex={-1} className={cellClass(column)} title={title}>
      <div className="truncate">{children}</div>
      {below !== undefined && <div className="small secondary truncate">{below}</div>}
    </div>
  );
}

/** The names of the columns; sticks to the top. */
export function SessionHead() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do.
    <div className="session-head" role="row" aria-rowindex={1} tabIndex={-1}>
      {COLUMNS.map(({ key, label }) => (
        // biome-ignore lint/a11y/useSemanticElements: as above.
        <div key={key} role="columnheader" tabIndex={-1} className={cellClass(key)}>
          {key === 'menu' ? <span className="visually-hidden">{label}</span> : label}
        </div>
      ))}
    </div>
  );
}
