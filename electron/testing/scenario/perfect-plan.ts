import type { SimulatorAccount } from '../../simulator/simulator.ts';
import { unifiedWindows } from '../../simulator/unified-limits.ts';
import { counts } from './wall-watch.ts';
import type { Asked } from './worker.ts';

const HOUR_MS = 3_600_000;

/** Requests that still fit into the windows of an account, by window and its number since the day began. */
type Room = { readonly account: SimulatorAccount; readonly left: Map<string, number> };

/**
 * Who serves which session all day long so that no window of any account is ever overrun: with it nobody would have
 * moved. Found by trying, with every question of the day known; null when there is none.
 */
export function planWithoutMoves(
  log: readonly Asked[],
  accounts: readonly SimulatorAccount[],
): ReadonlyMap<string, string> | null {
  const rooms = accounts.map((account): Room => ({ account, left: new Map() }));
  const sessions = bySession(log);
  const plan = new Map<string, string>();

  function place(at: number): boolean {
    const next = sessions[at];
    if (next === undefined) return true;
    const [session, asked] = next;
    for (const room of rooms) {
      const taken = take(room, asked);
      if (taken === asked.length && place(at + 1)) {
        plan.set(session, room.account.name);
        return true;
      }
      giveBack(room, asked.slice(0, taken));
    }
    return false;
  }
  return place(0) ? plan : null;
}

/** The sessions with their questions, the largest first: where they fit, the small ones find room. */
function bySession(log: readonly Asked[]): [session: string, asked: Asked[]][] {
  const questions = new Map<string, Asked[]>();
  for (const asked of log) {
    const { session } = asked.turn;
    questions.set(session, [...(questions.get(session) ?? []), asked]);
  }
  return [...questions].sort(([, a], [, b]) => b.length - a.length);
}

/** Takes room for as many of the questions as there is; answers how many. */
function take(room: Room, asked: readonly Asked[]): number {
  for (const [taken, question] of asked.entries()) {
    const windows = windowsOf(room, question);
    if (windows.some(({ key, all }) => (room.left.get(key) ?? all) < 1)) return taken;
    for (const { key, all } of windows) room.left.set(key, (room.left.get(key) ?? all) - 1);
  }
  return asked.length;
}

function giveBack(room: Room, asked: readonly Asked[]): void {
  for (const question of asked) {
    for (const { key, all } of windowsOf(room, question)) room.left.set(key, (room.left.get(key) ?? all) + 1);
  }
}

/** The windows that a question counts in, with the requests that fit into each as a whole. */
function windowsOf({ account }: Room, { turn, answeredAt }: Asked): { key: string; all: number }[] {
  return unifiedWindows(account.windows ?? {})
    .filter(({ name }) => counts(name, turn.model))
    .map(({ name, window }) => {
      // Those of the simulator follow each other without a gap.
      const length = (name === '5h' ? 5 : 7 * 24) * HOUR_MS;
      const number = Math.max(0, Math.ceil((answeredAt - window.resetAt) / length));
      const used = number === 0 ? window.utilization : 0;
      return { key: `${name} ${number}`, all: Math.floor((1 - used) / (window.burnPerRequest ?? 0)) };
    });
}
