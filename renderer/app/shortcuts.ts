import { useEffect } from 'react';
import { openDialog } from './dialog-slot.ts';
import { navigate, PAGES } from './routes.ts';

/** Marks the input that `/` goes to; at most one per page. */
export const FILTER_INPUT = { 'data-filter-input': '' } as const;

/** Whether a key press belongs to something the user types into. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether a dialog, menu or list is open that has the keyboard for itself. */
export function isOverlaid(): boolean {
  return document.querySelector('.dialog[data-open], .popup[data-open]') !== null;
}

/** Keys that work on every page. `Ctrl` and `Cmd` are the same, so nobody has to know the platform. */
export function useGlobalShortcuts(): void {
  useEffect(() => {
    window.addEventListener('keydown', handleKey);
    return () => window.removeEventListener('keydown', handleKey);
  }, []);
}

function handleKey(event: KeyboardEvent): void {
  const done = event.ctrlKey || event.metaKey ? withModifier(event) : plain(event);
  if (done) event.preventDefault();
}

function withModifier(event: KeyboardEvent): boolean {
  if (event.altKey || event.shiftKey) return false;
  if (event.key.toLowerCase() === 'k') {
    openDialog({ kind: 'palette' });
    return true;
  }
  const target = PAGES[Number(event.key) - 1];
  if (!target || isOverlaid()) return false;
  navigate(target.page);
  return true;
}

function plain(event: KeyboardEvent): boolean {
  if (event.altKey || isTyping(event) || isOverlaid()) return false;
  if (event.key === '?') {
    openDialog({ kind: 'shortcuts' });
    return true;
  }
  return event.key === '/' && focusFilter();
}

function focusFilter(): boolean {
  const input = document.querySelector<HTMLInputElement>('[data-filter-input]');
  input?.focus();
  input?.select();
  return input !== null;
}
