import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { sessionsQuery, useFromState } from '../../api/queries.ts';
import { toSessionRow } from './session-rows.ts';

/** While something is in flight the board is read again this often, ms: nothing else tells of what has begun. */
const WHILE_RUNNING = 5000;

/** The board of the last `hours`. Push events of finished requests have it read again too. */
export function useSessionList(hours: number) {
  const busy = useFromState((state) => state.proxy.inFlight > 0);
  const query = useQuery({
    ...sessionsQuery(hours),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const running = state.data?.some(({ live }) => (live?.inFlight ?? 0) > 0) ?? false;
      return busy || running ? WHILE_RUNNING : false;
    },
  });
  const rows = useMemo(() => query.data?.map(toSessionRow) ?? [], [query.data]);
  return {
    rows,
    isLoading: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** What {@link useSessionList} gives. */
export type SessionList = ReturnType<typeof useSessionList>;
