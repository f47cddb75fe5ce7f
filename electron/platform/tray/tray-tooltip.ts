import type { AppState } from '../../../shared/app-state.ts';
import { stateLine } from './tray-menu.ts';

/** Longest tooltip that Windows shows, characters. */
const MAX_LENGTH = 127;

/** State of the app in a line, and how long work lasts where that is known. Pure. */
export function trayTooltip(state: AppState, now: number): string {
  const line = `ccflare: ${stateLine(state, now)}`;
  const whole = [line, forecastLine(state), heldLine(state)].filter((part) => part !== null).join('\n');
  return whole.length <= MAX_LENGTH ? whole : clipped(line);
}

function clipped(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

function forecastLine({ pool, proxy }: AppState): string | null {
  const { hoursLeft, confidence, words, atLeast = false } = pool.forecast;
  if (confidence === 'none' || pool.phase !== 'serving' || proxy.phase !== 'listening') return null;
  if (hoursLeft === null) return words === '' ? null : words;
  if (hoursLeft < 1) return `less than an hour of ${atLeast ? 'known work' : 'work'} left`;
  return `${atLeast ? 'at least' : 'about'} ${Math.round(hoursLeft)} h of work left`;
}

function heldLine({ pool: { held } }: AppState): string | null {
  if (held === 0) return null;
  return held === 1 ? '1 request waits' : `${held} requests wait`;
}
