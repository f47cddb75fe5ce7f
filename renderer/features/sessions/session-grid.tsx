import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { AccountView } from '../../../shared/account.ts';
import { SessionHead } from './session-cell.tsx';
import { rowElementId, SessionLine } from './session-line.tsx';
import type { SessionRow } from './session-rows.ts';
import type { SessionQuestion } from './session-wish-dialog.tsx';

const ROW_HEIGHT = 48;
/** The column heads stick to the top of the scrolled area. */
const HEAD_HEIGHT = 29;

type SessionGridProps = {
  rows: readonly SessionRow[];
  accounts: readonly AccountView[];
  selectedId: string | null;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  onAsk: (question: SessionQuestion) => void;
};

/** The board as a grid of which only the visible rows exist. */
export function SessionGrid({ rows, accounts, selectedId, ...actions }: SessionGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const items = virtual.getVirtualItems();
  const selectedIndex = rows.findIndex((row) => row.id === selectedId);
  const isRendered = items.some((item) => item.index === selectedIndex);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not rows that arrive.
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selectedId]);
  return (
    <div ref={scroller} className="request-scroll">
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do. */}
      <div
        className="request-table"
        role="grid"
        aria-label="Sessions, newest first"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={isRendered && selectedId !== null ? rowElementId(selectedId) : undefined}
        tabIndex={0}
      >
        <SessionHead />
        <div className="request-rows" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <SessionLine
                  key={row.id}
                  row={row}
                  accounts={accounts.filter(({ id }) => row.accountIds.includes(id))}
                  index={item.index}
                  offset={item.start - HEAD_HEIGHT}
                  selected={row.id === selectedId}
                  {...actions}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}
