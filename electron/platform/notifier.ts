import { Notification } from 'electron';
import type { AppState } from '../../shared/app-state.ts';
import { type Notice, noticesBetween } from './notices.ts';

/** What a click on a notification does. */
export type NotifierDeps = {
  onClick: (notice: Notice) => void;
  onSignIn: (accountId: string) => void;
};

/** Shows system notifications as the state changes. */
export function createNotifier(deps: NotifierDeps): { update(state: AppState): void } {
  let before: AppState | null = null;
  let lastKey = '';
  return {
    update(state) {
      // Shallow copy: slices are replaced, never changed in place.
      const notices = noticesBetween(before, state, Date.now());
      before = { ...state };
      for (const notice of notices) {
        if (notice.key === lastKey || !Notification.isSupported()) continue;
        lastKey = notice.key;
        show(notice, deps);
      }
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
