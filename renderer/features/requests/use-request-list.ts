import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RequestFilter, RequestRow } from '../../../shared/request-record.ts';
import { requestListQuery } from '../../api/queries.ts';

/** The log under a filter as one flat list, newest first. A new filter keeps the old rows until it has answered. */
export function useRequestList(filter: RequestFilter) {
  const query = useInfiniteQuery({ ...requestListQuery(filter), placeholderData: keepPreviousData });
  const rows = useMemo(() => unique(query.data?.pages.flatMap((page) => page.rows) ?? []), [query.data]);
  return {
    rows,
    isLoading: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}

/** What {@link useRequestList} gives. */
export type RequestList = ReturnType<typeof useRequestList>;

/** A row that was pushed while its page was on its way may be there twice. */
function unique(rows: RequestRow[]): RequestRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.id) && seen.add(row.id));
}
