import type { CallInput } from '../../shared/ipc/contract.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import type { EngineCalls, Logger, SignInTicket } from '../core/thread-contract.ts';
import type { AppStateHolder, ChangedSlices } from '../ipc/app-state.ts';
import type { EngineClient } from './threads.ts';

/** What was asked, and who asks. */
type StartInput = CallInput<'signIn.start'>;
type Actor = EngineCalls['signIn.start']['argument']['actor'];

/** What an open sign-in window can be told. */
type OpenWindow = { focus(): void; close(): void };

/** What a sign-in acts on. */
export type SignInFlowDeps = {
  engine: () => EngineClient;
  /** Shows the page; calls back once at most. */
  openWindow: (page: {
    ticket: SignInTicket;
    onRedirect: (url: string) => void;
    onClosed: (reason: string | null) => void;
  }) => OpenWindow;
  openBrowser: (url: string) => Promise<void>;
  /** A sign-in that did not begin in the dashboard needs somebody to look at it. */
  showAccounts: () => void;
  state: AppStateHolder;
  log: Logger;
};

/** Signing in, as far as it needs windows: what the codes mean is the engine's business. */
export type SignInFlow = {
  /**
   * Begins in place of one that may be running; a window that waits for the same thing is brought to the front.
   * @throws ThreadCallError as the engine does, `sign_in_unreachable` when there is no browser
   */
  start(input: StartInput, actor: Actor): Promise<{ id: string }>;
  cancel(input: { id: string }): Promise<null>;
  /** Closes the window without telling anybody; for the way out. */
  close(): void;
};

/** The window of the moment and what it waits for. `seen`: the engine has reported it as running. */
type Shown = { id: string; key: string; window: OpenWindow; seen: boolean };

/** See {@link SignInFlow}. */
export function createSignInFlow(deps: SignInFlowDeps): SignInFlow {
  let shown: Shown | null = null;
  let starts = 0;
  let latest = 0;

  function close(): void {
    shown?.window.close();
    shown = null;
  }
  deps.state.onChange((slices) => {
    if (shown && isOver(shown, slices)) close();
  });

  function tell(call: () => Promise<null>): void {
    call().catch((error: unknown) => {
      const code = error instanceof ThreadCallError ? error.view.code : 'internal';
      deps.log.warn('sign_in_report_failed', { code });
    });
  }

  function show(ticket: SignInTicket, key: string, actor: Actor): void {
    const ended = (report: () => Promise<null>, look: boolean): void => {
      if (shown?.id === ticket.id) shown = null;
      tell(report);
      if (look && actor !== 'dashboard') deps.showAccounts();
    };
    const { id } = ticket;
    const window = deps.openWindow({
      ticket,
      onRedirect: (url) => ended(() => deps.engine().call('signIn.redirected', { id, url }), true),
      onClosed: (reason) => {
        deps.log.info('sign_in_window_closed', { reason: reason ?? 'by the user' });
        ended(() => deps.engine().call('signIn.windowClosed', { id, reason }), reason !== null);
      },
    });
    shown = { id, key, window, seen: false };
  }

  return {
    async start(input, actor) {
      const key = JSON.stringify([input.mode, input.way, input.accountId ?? null]);
      if (shown?.seen && shown.key === key) {
        shown.window.focus();
        return { id: shown.id };
      }
      starts += 1;
      const mine = starts;
      const ticket = await deps.engine().call('signIn.start', { ...input, actor });
      // A later start was answered before this one: the engine gave this one up for it.
      if (mine < latest) return { id: ticket.id };
      latest = mine;
      close();
      if (ticket.way === 'window') show(ticket, key, actor);
      else await openInBrowser(deps, ticket);
      return { id: ticket.id };
    },
    cancel({ id }) {
      if (shown?.id === id) close();
      return deps.engine().call('signIn.cancel', { id });
    },
    close,
  };
}

/** Whether a change of state says that the window is of no more use. Slices come late: the first may still be older. */
function isOver(shown: Shown, { signIn }: ChangedSlices): boolean {
  if (signIn === undefined) return false;
  if (signIn?.id !== shown.id) return shown.seen;
  shown.seen = true;
  return signIn.phase !== 'waiting';
}

async function openInBrowser(deps: SignInFlowDeps, { id, url }: SignInTicket): Promise<void> {
  try {
    await deps.openBrowser(url);
  } catch {
    await deps
      .engine()
      .call('signIn.cancel', { id })
      .catch(() => undefined);
    throw new ThreadCallError({
      code: 'sign_in_unreachable',
      message:
        'Your browser could not be opened. Choose a default browser, or sign in with the window of the app.',
    });
  }
}
