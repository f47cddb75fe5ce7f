import { keepAlive, post, smallBody, type Target } from '../load.ts';
import { cpuSeconds, median } from '../measure.ts';

/** CPU of the proxy process per request, in microseconds, and requests per second, medians over the turns. */
export type ThroughputResult = { cpuUs: number; perSecond: number };

/** `connections` clients, each sending one small request after the other. */
export async function throughput(
  targets: readonly Target[],
  options: { connections: number; requests: number; turns: number },
): Promise<Record<string, ThroughputResult>> {
  const cpu = new Map<string, number[]>(targets.map((target) => [target.name, []]));
  const rate = new Map<string, number[]>(targets.map((target) => [target.name, []]));
  for (let turn = -1; turn < options.turns; turn += 1) {
    for (const target of targets) {
      const before = cpuSeconds(target.pid);
      const started = performance.now();
      await storm(target, options.connections, options.requests);
      const seconds = (performance.now() - started) / 1000;
      if (turn < 0) continue;
      cpu.get(target.name)?.push(((cpuSeconds(target.pid) - before) * 1e6) / options.requests);
      rate.get(target.name)?.push(options.requests / seconds);
    }
  }
  return Object.fromEntries(
    targets.map((target) => [
      target.name,
      { cpuUs: median(cpu.get(target.name) ?? []), perSecond: median(rate.get(target.name) ?? []) },
    ]),
  );
}

async function storm(target: Target, connections: number, requests: number): Promise<void> {
  const agent = keepAlive(connections);
  const body = smallBody(false);
  let left = requests;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const sample = await post(target, { agent, body });
      if (sample.status !== 200) throw new Error(`${target.name} answered ${sample.status}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
}
