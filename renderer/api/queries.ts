import { infiniteQueryOptions, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { AppState } from '../../shared/app-state.ts';
import type { CallArgument } from '../../shared/ipc/contract.ts';
import type { RequestCursor, RequestFilter } from '../../shared/request-record.ts';
import { call } from './client.ts';

/** Rows asked for at once; a screenful is about 25. */
const PAGE_SIZE = 100;

/** Keys by which push events find cached data. */
export const queryKeys = {
  state: ['state'],
  requestLists: ['requests', 'list'],
  recent: ['requests', 'recent'],
  totals: ['requests', 'totals'],
  sessions: ['sessions'],
} as const;

/** The snapshot; afterwards kept up to date by `state.changed`. */
export const stateQuery = queryOptions({
  queryKey: queryKeys.state,
  queryFn: () => call('state.get', undefined),
});

/** One slice of the state. Components below the frame re-render only when their slice changes. */
export function useSlice<K extends keyof AppState>(slice: K): AppState[K] {
  return useSuspenseQuery({ ...stateQuery, select: (state) => state[slice] }).data;
}

/** Whatever can be derived from the state; `select` should return primitives or whole slices. */
export function useFromState<T>(select: (state: AppState) => T): T {
  return useSuspenseQuery({ ...stateQuery, select }).data;
}

/** The request log, newest first, page by page. */
export function requestListQuery(filter: RequestFilter) {
  return infiniteQueryOptions({
    queryKey: [...queryKeys.requestLists, filter],
    queryFn: ({ pageParam }) => call('requests.list', { filter, cursor: pageParam, limit: PAGE_SIZE }),
    initialPageParam: null as RequestCursor | null,
    getNextPageParam: (page) => page.next,
  });
}

/** The newest requests of all kinds, for the live strip. */
export const recentQuery = queryOptions({
  queryKey: queryKeys.recent,
  queryFn: async () => {
    const page = await call('requests.list', { filter: { outcome: 'all' }, cursor: null, limit: 200 });
    return page.rows;
  },
});

/** Everything kept about one request; null when it is not there any more. */
export function requestQuery(id: string) {
  return queryOptions({ queryKey: ['requests', 'one', id], queryFn: () => call('requests.get', { id }) });
}

/** Sums over [from, to), UTC ms. */
export function totalsQuery(from: number, to: number) {
  return queryOptions({
    queryKey: [...queryKeys.totals, from, to],
    queryFn: () => call('requests.totals', { from, to }),
  });
}

/** Sums per hour over [from, to), UTC ms; kept fresh with the totals. */
export function hourlyQuery(from: number, to: number) {
  return queryOptions({
    queryKey: [...queryKeys.totals, 'hourly', from, to],
    queryFn: () => call('requests.hourly', { from, to }),
  });
}

/** Sessions of the last `hours`, with what routing knows of them now; the newest first. */
export function sessionsQuery(hours: number) {
  return queryOptions({
    queryKey: [...queryKeys.sessions, hours],
    queryFn: () => call('sessions.list', { hours }),
    staleTime: 0,
  });
}

/** The newest good requests of one session: what they read and wrote tells which of its cache is still warm. */
export function sessionRequestsQuery(sessionId: string) {
  return queryOptions({
    queryKey: ['requests', 'session', sessionId],
    queryFn: async () => {
      const filter: RequestFilter = { outcome: 'ok', text: sessionId };
      const { rows } = await call('requests.list', { filter, cursor: null, limit: 50 });
      return rows.filter((row) => row.sessionId === sessionId);
    },
    staleTime: 0,
    gcTime: 0,
  });
}

/** Readings of an account over [from, to), UTC ms. */
export function limitHistoryQuery(accountId: string, from: number, to: number) {
  return queryOptions({
    queryKey: ['limits', 'history', accountId, from, to],
    queryFn: () => call('limits.history', { accountId, from, to }),
    staleTime: 0,
  });
}

/** Use of the bounded stores, read again every 10 s while it is on screen. */
export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: () => call('storage.get', undefined),
  refetchInterval: 10_000,
  staleTime: 0,
});

/** Old databases in the usual places, looked for again each time they are asked for. */
export const importSourcesQuery = queryOptions({
  queryKey: ['import', 'sources'],
  queryFn: () => call('import.find', undefined),
  staleTime: 0,
});

/** What an import would bring. Kept for the life of the window: it also says which file was imported. */
export function importPreviewQuery(sourceId: string) {
  return queryOptions({
    queryKey: ['import', 'preview', sourceId],
    queryFn: () => call('import.preview', { sourceId }),
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** Where clients really go and what stands in their way; files change unseen, so looking again is cheap and usual. */
export const clientsReportQuery = queryOptions({
  queryKey: ['clients', 'report'],
  queryFn: () => call('clients.report', undefined),
  staleTime: 0,
  refetchOnWindowFocus: 'always',
});

/** What setting Claude Code up, or putting it back, would change now. */
export function clientsPreviewQuery(argument: CallArgument<'clients.preview'>) {
  return queryOptions({
    queryKey: ['clients', 'preview', argument],
    queryFn: () => call('clients.preview', argument),
    staleTime: 0,
    gcTime: 0,
  });
}
