import type { AppState } from '../../shared/app-state.ts';
import type { PushName } from '../../shared/ipc/channels.ts';
import type { PushPayload } from '../../shared/ipc/contract.ts';
import type { RequestRow } from '../../shared/request-record.ts';

/** Shortest time between two pushes of one kind, ms. */
const PUSH_EVERY_MS = 250;

/** Rows in one message, as the contract bounds it; more are left to the next look at the list. */
const MAX_ROWS = 200;

/** Pushes to the window, put together to at most four a second. */
export type PushEvents = {
  state(slices: Partial<AppState>): void;
  recorded(rows: readonly RequestRow[]): void;
  navigate(payload: PushPayload<'navigate'>): void;
};

/** See {@link PushEvents}. `send` skips windows that are gone. */
export function createPushEvents(
  send: <N extends PushName>(name: N, payload: PushPayload<N>) => void,
): PushEvents {
  let rev = 0;
  let slices: Partial<AppState> = {};
  let rows: RequestRow[] = [];
  let timer: NodeJS.Timeout | null = null;
  let last = 0;

  function flush(): void {
    timer = null;
    last = Date.now();
    if (Object.keys(slices).length > 0) {
      rev += 1;
      send('state.changed', { rev, slices });
      slices = {};
    }
    if (rows.length > 0) {
      send('requests.recorded', { rows });
      rows = [];
    }
  }

  function soon(): void {
    if (timer === null) timer = setTimeout(flush, Math.max(last + PUSH_EVERY_MS - Date.now(), 0));
  }

  return {
    state(changed) {
      slices = { ...slices, ...changed };
      soon();
    },
    recorded(more) {
      rows = [...rows, ...more].slice(-MAX_ROWS);
      soon();
    },
    navigate: (payload) => send('navigate', payload),
  };
}
