import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RequestRow } from '../../../shared/request-record.ts';

/** Above this scroll offset, px, the list counts as being at its top. */
const TOP_ZONE = 8;

/**
 * Keeps the rows a person is reading where they are while new ones arrive above, and counts those. At the top
 * the list simply grows. Works because all rows have the same height.
 */
export function useLiveAnchor(
  rows: RequestRow[],
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
) {
  const topId = useRef<string | null>(null);
  const [newRows, setNewRows] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    const added = rows.findIndex((row) => row.id === topId.current);
    topId.current = rows[0]?.id ?? null;
    if (!element || added <= 0 || element.scrollTop <= TOP_ZONE) return;
    element.scrollTop += added * rowHeight;
    setNewRows((count) => count + added);
  }, [rows, scroller, rowHeight]);
  useEffect(() => {
    const element = scroller.current;
    const onScroll = () => {
      if (element && element.scrollTop <= TOP_ZONE) setNewRows(0);
    };
    element?.addEventListener('scroll', onScroll, { passive: true });
    return () => element?.removeEventListener('scroll', onScroll);
  }, [scroller]);
  const toTop = useCallback(() => {
    scroller.current?.scrollTo({ top: 0 });
    setNewRows(0);
  }, [scroller]);
  return { newRows, toTop };
}
