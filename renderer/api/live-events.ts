import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { AppState } from '../../shared/app-state.ts';
import type { ImportState } from '../../shared/import.ts';
import type { PushPayload } from '../../shared/ipc/contract.ts';
import { type RequestPage, type RequestRow, requestFilterSchema } from '../../shared/request-record.ts';
import { subscribe } from './client.ts';
import { matchesFilter } from './matches-filter.ts';
import { queryKeys } from './queries.ts';

/** Rows that a list keeps at most; beyond it the oldest are let go and paged in again on demand. */
const MAX_LIST_ROWS = 5000;
const MAX_RECENT_ROWS = 400;
/** Sums and sessions are asked for again at most this often, ms. */
const TOTALS_INTERVAL = 2000;
const SESSIONS_INTERVAL = 1500;

type Pages = InfiniteData<RequestPage, unknown>;

/**
 * Turns push events into cache updates; the one place that does. Returns the function that ends it.
 * A gap in `rev`, or a payload that cannot be read, means that something was missed: the snapshot and the
 * lists are read again. Replies and pushes travel in order, so a patch that arrives while a snapshot is on
 * its way is older than it and may be overwritten by it.
 */
export function connectLiveEvents(
  client: QueryClient,
  onNavigate: (target: PushPayload<'navigate'>) => void,
): () => void {
  const reread = () => void client.invalidateQueries({ queryKey: queryKeys.state });
  const rereadRequests = () => void client.invalidateQueries({ queryKey: ['requests'] });
  /** An import adds old requests without naming them. */
  const rereadHistory = () => {
    rereadRequests();
    totals.run();
    sessions.run();
  };
  const totals = throttle(
    () => void client.invalidateQueries({ queryKey: queryKeys.totals }),
    TOTALS_INTERVAL,
  );
  const sessions = throttle(
    () => void client.invalidateQueries({ queryKey: queryKeys.sessions }),
    SESSIONS_INTERVAL,
  );
  const endings = [
    subscribe('state.changed', patchState(client, reread, rereadHistory), reread),
    subscribe(
      'requests.recorded',
      ({ rows }) => {
        addRows(client, [...rows].reverse());
        totals.run();
        sessions.run();
      },
      rereadRequests,
    ),
    subscribe('navigate', onNavigate, () => undefined),
    totals.stop,
    sessions.stop,
  ];
  return () => {
    for (const end of endings) end();
  };
}

const IMPORT_OVER: ReadonlySet<ImportState['phase']> = new Set(['done', 'failed', 'cancelled']);

function patchState(client: QueryClient, reread: () => void, onImported: () => void) {
  let lastRev: number | null = null;
  return ({ rev, slices }: PushPayload<'state.changed'>) => {
    if (slices.import && IMPORT_OVER.has(slices.import.phase)) onImported();
    const missed = lastRev !== null && rev !== lastRev + 1;
    lastRev = rev;
    client.setQueryData<AppState>(queryKeys.state, (state) => state && { ...state, ...given(slices) });
    if (missed) reread();
  };
}

/** Leaves out slices that are present but undefined, which would erase what is known. */
function given(slices: PushPayload<'state.changed'>['slices']): Partial<AppState> {
  return Object.fromEntries(Object.entries(slices).filter(([, value]) => value !== undefined));
}

function addRows(client: QueryClient, newestFirst: RequestRow[]): void {
  client.setQueryData<RequestRow[]>(
    queryKeys.recent,
    (rows) => rows && unseen(newestFirst, rows).concat(rows).slice(0, MAX_RECENT_ROWS),
  );
  for (const query of client.getQueryCache().findAll({ queryKey: queryKeys.requestLists })) {
    const filter = requestFilterSchema.safeParse(query.queryKey[2]);
    if (!filter.success) continue;
    const matching = newestFirst.filter((row) => matchesFilter(row, filter.data));
    client.setQueryData<Pages>(query.queryKey, (data) => data && withRowsOnTop(data, matching));
  }
}

function unseen(rows: RequestRow[], known: RequestRow[]): RequestRow[] {
  const ids = new Set(known.map((row) => row.id));
  return rows.filter((row) => !ids.has(row.id));
}

function withRowsOnTop(data: Pages, rows: RequestRow[]): Pages {
  const [first, ...rest] = data.pages;
  if (!first) return data;
  const fresh = unseen(rows, first.rows);
  if (fresh.length === 0) return data;
  return bounded({ ...data, pages: [{ ...first, rows: [...fresh, ...first.rows] }, ...rest] });
}

function bounded(data: Pages): Pages {
  const rows = data.pages.flatMap((page) => page.rows);
  if (rows.length <= MAX_LIST_ROWS) return data;
  const kept = rows.slice(0, MAX_LIST_ROWS);
  const last = kept.at(-1);
  const next = last ? { startedAt: last.startedAt, id: last.id } : null;
  return { pages: [{ rows: kept, next }], pageParams: [null] };
}

function throttle(action: () => void, interval: number): { run: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    run: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        action();
      }, interval);
    },
    stop: () => clearTimeout(timer),
  };
}
