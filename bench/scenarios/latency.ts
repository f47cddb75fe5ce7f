import { keepAlive, post, smallBody, type Target } from '../load.ts';
import { percentile } from '../measure.ts';

/** Latency of each target in ms. */
export type LatencyResult = Record<Target['name'], { p50: number; p99: number }>;

/**
 * One request after the other over one warm connection, in short turns so that a drift of the machine's speed
 * falls on every target alike.
 */
export async function sequentialLatency(
  targets: readonly Target[],
  turns: number,
  perTurn: number,
): Promise<LatencyResult> {
  const body = smallBody(false);
  const agents = new Map(targets.map((target) => [target.name, keepAlive(1)]));
  const times = new Map<string, number[]>(targets.map((target) => [target.name, []]));
  for (let turn = -1; turn < turns; turn += 1) {
    for (const target of targets) {
      for (let i = 0; i < perTurn; i += 1) {
        const sample = await post(target, { agent: agents.get(target.name) ?? keepAlive(1), body });
        if (sample.status !== 200) throw new Error(`${target.name} answered ${sample.status}`);
        // The first turn warms up.
        if (turn >= 0) times.get(target.name)?.push(sample.ms);
      }
    }
  }
  for (const agent of agents.values()) agent.destroy();
  const of = (name: Target['name']) => ({
    p50: percentile(times.get(name) ?? [], 0.5),
    p99: percentile(times.get(name) ?? [], 0.99),
  });
  return { direct: of('direct'), 'pass-through': of('pass-through'), ours: of('ours') };
}
