import { Notification } from 'electron';
import type { AppState } from '../../shared/app-state.ts';
import { type Notice, noticesBetween } from './notices.ts';
import { createNoticeMemory } from './notices-memory.ts';

/** What a click on a notification does. */
export type NotifierDeps = {
  onClick: (notice: Notice) => void;
  onSignIn: (accountId: string) => void;
  /** File that remembers until when what was said is not said again. */
  memoryFile: string;
};

/** Shows system notifications as the state changes. */
export function createNotifier(deps: NotifierDeps): { update(state: AppState): void } {
  let before: AppState | null = null;
  const unsaid = createNoticeMemory(deps.memoryFile);
  return {
    update(state) {
      // Shallow copy: slices are replaced, never changed in place.
      const now = Date.now();
      const notices = noticesBetween(before, state, now);
      before = { ...state };
      if (!Notification.isSupported()) return;
      for (const notice of unsaid(notices, now)) show(notice, deps);
    },
  };
}

/** Systems without buttons on notifications leave them out; the click leads to the same place there. */
function show(notice: Notice, deps: NotifierDeps): void {
  const { title, body, accountId } = notice;
  const offersSignIn = notice.signIn === true && accountId !== undefined;
  const shown = new Notification({
    title,
    body,
    ...(offersSignIn ? { actions: [{ type: 'button', text: 'Sign in again' }] } : {}),
  });
  shown.on('click', () => deps.onClick(notice));
  if (offersSignIn) shown.on('action', () => deps.onSignIn(accountId));
  shown.show();
}
