import type { Clock } from '../../core/clock.ts';
import type { Behaviour, Simulator } from '../../simulator/simulator.ts';

/** Tells the provider how long the answer to a request takes, ms of the fake clock. */
export const ANSWER_MS_HEADER = 'x-scenario-answer-ms';

/** A message that reached the provider. */
export type Arrival = {
  /** Steady time, ms. */
  readonly at: number;
  readonly account: string;
  readonly session: string;
  readonly model: string;
};

/** Answers of the provider that take time of the fake clock. */
export type UpstreamPace = {
  /** Messages that have arrived and are not answered yet. */
  running(): number;
  readonly arrivals: readonly Arrival[];
  /** What the provider does with each message that arrives; null = the usual answer. */
  trouble: ((arrival: Arrival) => Behaviour | null) | null;
};

/** Makes every message of the simulator take as long as it asks for. */
export function createUpstreamPace(simulator: Simulator, clock: Clock): UpstreamPace {
  const arrivals: Arrival[] = [];
  let running = 0;
  let unscript = (): void => undefined;
  const pace: UpstreamPace = { running: () => running, arrivals, trouble: null };

  /** Resolves when the answer is due; a client that leaves before is no longer waited for. */
  function answerDue(ms: number, closed: Promise<void>): Promise<void> {
    running += 1;
    let over = false;
    const end = (): void => {
      if (!over) running -= 1;
      over = true;
    };
    closed.then(end, end);
    return new Promise((resolve) => {
      clock.after(ms, () => {
        end();
        resolve();
      });
    });
  }

  // The simulator announces a request, then looks for its script: each gets one of its own.
  simulator.onRequest((request) => {
    const { url, headers, account } = request;
    if (!url.startsWith('/v1/messages') || request.aborted) return;
    const arrival = {
      at: clock.monotonic(),
      account: account ?? '',
      session: String(headers['x-claude-code-session-id'] ?? ''),
      model: /"model":"([^"]*)"/.exec(request.body.toString('latin1'))?.[1] ?? '',
    };
    arrivals.push(arrival);
    const then = pace.trouble?.(arrival) ?? { kind: 'normal' };
    const released = answerDue(Number(headers[ANSWER_MS_HEADER] ?? 0), request.closed);
    unscript();
    unscript = simulator.script({ path: '/v1/messages' }, { kind: 'hold', released, then });
  });
  return pace;
}
