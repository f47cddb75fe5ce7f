import { useEffect, useRef } from 'react';
import { isOverlaid, isTyping } from './shortcuts.ts';

type RowKeys = {
  /** +1 next (older) row, -1 previous. */
  onMove: (step: 1 | -1) => void;
  onOpen: () => void;
  onBack: () => void;
  /** Further keys of the page, by `event.key`. */
  others?: Readonly<Record<string, () => void>>;
};

/** `j`/`k` and arrows move, Enter opens, Esc goes back, wherever on the page the focus is. */
export function useRowKeys(keys: RowKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isOverlaid()) return;
      if (handle(event, latest.current)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function handle(event: KeyboardEvent, keys: RowKeys): boolean {
  switch (event.key) {
    case 'j':
    case 'ArrowDown':
      keys.onMove(1);
      return true;
    case 'k':
    case 'ArrowUp':
      keys.onMove(-1);
      return true;
    case 'Enter':
      if (isOnControl(event)) return false;
      keys.onOpen();
      return true;
    case 'Escape':
      keys.onBack();
      return true;
    default:
      return handleOther(event.key, keys.others);
  }
}

function handleOther(key: string, others: RowKeys['others'] = {}): boolean {
  if (!Object.hasOwn(others, key)) return false;
  others[key]?.();
  return true;
}

/** Enter belongs to a focused button or link. */
function isOnControl(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest('button, a, [role="switch"]') !== null;
}
