import type { ReactNode } from 'react';
import { COLUMNS, type ColumnKey, cellClass } from './columns.ts';

type GridCellProps = {
  column: ColumnKey;
  /** More than fits, on hover. */
  title?: string | undefined;
  /** Less important than its neighbours. */
  faint?: boolean;
  children: ReactNode;
};

/** One cell of the log. */
export function GridCell({ column, title, faint = false, children }: GridCellProps) {
  const name = cellClass(column);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do.
    <div role="gridcell" tabIndex={-1} className={faint ? `${name} faint` : name} title={title}>
      {children}
    </div>
  );
}

/** The names of the columns; sticks to the top. */
export function GridHead() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do.
    <div className="request-head" role="row" aria-rowindex={1} tabIndex={-1}>
      {COLUMNS.map(({ key, label }) => (
        // biome-ignore lint/a11y/useSemanticElements: as above.
        <div key={key} role="columnheader" tabIndex={-1} className={cellClass(key)}>
          {key === 'session' ? <span className="visually-hidden">{label}</span> : label}
        </div>
      ))}
    </div>
  );
}
