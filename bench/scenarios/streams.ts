import { keepAlive, post, smallBody, type Target } from '../load.ts';
import { cpuSeconds, percentile, residentMb } from '../measure.ts';
import { BENCH_HEADERS, sentAt } from '../upstream.ts';

/** Delay of a chunk from the upstream's write to the client's read, ms; CPU per event, microseconds; memory, MB. */
export type StreamResult = { p50: number; p99: number; cpuUs: number; rssPeakGrowthMb: number };

/** Paced streams at once; every event carries the time of its writing. */
export async function pacedStreams(
  target: Target,
  options: { streams: number; events: number; intervalMs: number },
): Promise<StreamResult> {
  const agent = keepAlive(options.streams);
  const delays: number[] = [];
  const rssBefore = residentMb(target.pid);
  let rssPeak = rssBefore;
  const watch = setInterval(() => {
    rssPeak = Math.max(rssPeak, residentMb(target.pid));
  }, 100);
  const cpuBefore = cpuSeconds(target.pid);
  const one = (_: unknown, index: number): Promise<unknown> =>
    post(target, {
      agent,
      body: smallBody(true),
      headers: {
        [BENCH_HEADERS.events]: String(options.events),
        [BENCH_HEADERS.intervalMs]: String(options.intervalMs),
        // Streams of one process start spread over one interval, as those of real clients do.
        [BENCH_HEADERS.offsetMs]: String((index * options.intervalMs) / options.streams),
      },
      onChunk: (chunk) => {
        const now = performance.now();
        for (const sent of sentAt(chunk)) delays.push(now - sent);
      },
    });
  await Promise.all(Array.from({ length: options.streams }, one));
  clearInterval(watch);
  const cpu = cpuSeconds(target.pid) - cpuBefore;
  agent.destroy();
  return {
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    cpuUs: (cpu * 1e6) / (options.streams * options.events),
    rssPeakGrowthMb: rssPeak - rssBefore,
  };
}
