import { Notification } from 'electron';
import type { AppState } from '../../shared/app-state.ts';
import { type Notice, noticesBetween } from './notices.ts';

/** Shows system notifications as the state changes. */
export function createNotifier(deps: { onClick: (page: Notice['page']) => void }): {
  update(state: AppState): void;
} {
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
        const shown = new Notification({ title: notice.title, body: notice.body });
        shown.on('click', () => deps.onClick(notice.page));
        shown.show();
      }
    },
  };
}
