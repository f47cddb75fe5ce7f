import type { SimulatorAccount } from '../../simulator/simulator.ts';
import type { Reply, Turn } from './claude-client.ts';
import { MORNING, type Stage } from './stage.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A subscription whose windows are those given; by default the 5-hour one resets at eleven and is empty. */
export function subscription(name: string, windows: SimulatorAccount['windows'] = {}): SimulatorAccount {
  return {
    name,
    kind: 'oauth',
    secret: `sk-ant-oat01-scenario-${name}`,
    organizationId: `org-${name}`,
    windows: {
      '5h': { utilization: 0, resetAt: MORNING + 5 * HOUR },
      '7d': { utilization: 0.2, resetAt: MORNING + 100 * HOUR },
      ...windows,
    },
  };
}

/** A 5-hour window with room for so many requests. */
export function roomFor(requests: number, resetAt = MORNING + 5 * HOUR) {
  // A hundredth per request; a little more, so that rounding cannot make room for another.
  return { utilization: 1 - requests / 100 + 1e-6, resetAt, burnPerRequest: 0.01 };
}

/** A question of a session; what is not given is ordinary. */
export function question(session: string, given: Partial<Turn> = {}): Turn {
  return {
    session,
    model: 'claude-opus-5-5',
    promptTokens: 30_000,
    cache: '1h',
    answerMs: 4000,
    ...given,
  };
}

/** Asks and lets time pass until the answer is here. */
export async function answered(stage: Stage, turn: Turn): Promise<Reply> {
  const reply = stage.ask(turn);
  await stage.finish();
  return await reply;
}

/** Name of the account that answered; the status where none did. */
export function server({ organization, status }: Reply): string {
  return status < 400 && organization !== null ? organization.replace('org-', '') : String(status);
}
