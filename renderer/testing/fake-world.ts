import type { AppState } from '../../shared/app-state.ts';
import type { ErrorView } from '../../shared/errors.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallAnswer, CallInput } from '../../shared/ipc/contract.ts';
import type { RequestRow } from '../../shared/request-record.ts';

/** Answers of the main process, typed by the contract. */
export type Handlers = {
  [N in CallName]: (argument: CallInput<N>) => CallAnswer<N> | Promise<CallAnswer<N>>;
};

/** What the answers of the fake main process read and change. */
export type World = {
  state: () => AppState;
  rows: () => RequestRow[];
  change: (slices: Partial<AppState>) => void;
};

/** Thrown by a handler to answer with a coded error. */
export class BridgeFailure extends Error {
  readonly view: ErrorView;
  constructor(code: ErrorView['code'], message: string) {
    super(message);
    this.view = { code, message };
  }
}
