import { keepAlive, post, smallBody, type Target } from '../load.ts';
import { pause, percentile } from '../measure.ts';
import { BENCH_HEADERS, type Upstream } from '../upstream.ts';

/** ms from the client's leaving to the upstream's noticing, median and worst, per phase. */
export type AbortResult = Record<
  'before the head' | 'mid-stream' | 'held plain answer',
  { p50: number; max: number }
>;

const PHASES: Record<keyof AbortResult, Record<string, string>> = {
  'before the head': { [BENCH_HEADERS.hold]: 'head' },
  'mid-stream': { [BENCH_HEADERS.events]: '100000', [BENCH_HEADERS.intervalMs]: '20' },
  'held plain answer': { [BENCH_HEADERS.hold]: 'body' },
};

/** Clients that leave at a random moment of each phase. */
export async function aborts(target: Target, upstream: Upstream, rounds: number): Promise<AbortResult> {
  const measure = async (headers: Record<string, string>) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await leave(target, upstream, headers));
    return { p50: percentile(times, 0.5), max: Math.max(...times) };
  };
  return {
    'before the head': await measure(PHASES['before the head']),
    'mid-stream': await measure(PHASES['mid-stream']),
    'held plain answer': await measure(PHASES['held plain answer']),
  };
}

async function leave(target: Target, upstream: Upstream, headers: Record<string, string>): Promise<number> {
  const abort = new AbortController();
  const agent = keepAlive(1);
  const arrived = upstream.nextRequest();
  const closed = upstream.nextClose();
  const answer = post(target, { agent, body: smallBody(true), headers, signal: abort.signal });
  answer.catch(() => undefined);
  await arrived;
  await pause(40);
  const left = performance.now();
  abort.abort();
  const ms = (await closed) - left;
  agent.destroy();
  return ms;
}
