import type { AppEvent } from '../../../shared/app-state.ts';
import { redact } from '../../../shared/redact.ts';
import type { Clock } from '../clock.ts';
import { timeOrderedId } from '../ids.ts';
import type { EventLog } from '../ports.ts';

/** Events that are kept; the window shows no more. */
const MAX_EVENTS = 100;

/** Longest message that is kept, characters. */
const MAX_TEXT = 300;

/** Keeps the newest things that a person would want to know, newest first. `onChange` follows each addition. */
export function createEventLog(clock: Clock, onChange: () => void): EventLog & { list(): AppEvent[] } {
  const events: AppEvent[] = [];
  return {
    add({ level, code, message, accountId }) {
      const at = clock.now();
      const text = redact(message).slice(0, MAX_TEXT);
      events.unshift({ id: timeOrderedId(at), at, level, code, message: text, accountId: accountId ?? null });
      events.length = Math.min(events.length, MAX_EVENTS);
      onChange();
    },
    list: () => [...events],
  };
}
