import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { GridHead } from './grid-parts.tsx';
import { RequestRowLine, rowElementId } from './request-row.tsx';
import { useLiveAnchor } from './use-live-anchor.ts';
import type { RequestList } from './use-request-list.ts';

const ROW_HEIGHT = 32;
/** The column heads stick to the top of the scrolled area. */
const HEAD_HEIGHT = 29;
/** Older rows are asked for when this many are left below the view. */
const AHEAD = 30;

type RequestGridProps = {
  list: RequestList;
  selectedId: string | null;
  onOpen: (id: string) => void;
};

/** The log as a grid of which only the visible rows exist. */
export function RequestGrid({ list, selectedId, onOpen }: RequestGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = list;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const items = virtual.getVirtualItems();
  const anchor = useLiveAnchor(rows, scroller, ROW_HEIGHT);
  const selectedIndex = selectedId === null ? -1 : rows.findIndex((row) => row.id === selectedId);
  const isRendered = items.some((item) => item.index === selectedIndex);
  useLoadAhead(list, items.at(-1)?.index ?? 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not rows that arrive.
  useEffect(() => {
    if (selectedId === null || selectedIndex < 0) return;
    virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selectedId]);
  return (
    <div className="request-grid">
      {anchor.newRows > 0 && (
        <button type="button" className="new-pill" onClick={anchor.toTop}>
          <ArrowUp size={13} aria-hidden />
          {anchor.newRows} new
        </button>
      )}
      <div ref={scroller} className="request-scroll">
        {/* biome-ignore lint/a11y/useSemanticElements: rows are placed freely, which a table cannot do. */}
        <div
          className="request-table"
          role="grid"
          aria-label="Requests, newest first"
          aria-rowcount={list.hasMore ? -1 : rows.length + 1}
          aria-activedescendant={isRendered && selectedId !== null ? rowElementId(selectedId) : undefined}
          tabIndex={0}
        >
          <GridHead />
          <div className="request-rows" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              return (
                row && (
                  <RequestRowLine
                    key={row.id}
                    row={row}
                    index={item.index}
                    offset={item.start - HEAD_HEIGHT}
                    selected={row.id === selectedId}
                    onOpen={onOpen}
                  />
                )
              );
            })}
          </div>
        </div>
        <div className="request-foot">{list.hasMore ? 'Loading older requests…' : 'Start of the log'}</div>
      </div>
    </div>
  );
}

function useLoadAhead(list: RequestList, lastIndex: number): void {
  const { rows, hasMore, isLoadingMore, loadMore, error } = list;
  const due = hasMore && !isLoadingMore && error === null && lastIndex >= rows.length - AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: loadMore is new at each render; `due` decides.
  useEffect(() => {
    if (due) loadMore();
  }, [due]);
}
