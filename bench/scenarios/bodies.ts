import { createHash } from 'node:crypto';
import { keepAlive, largeBody, post, type Target } from '../load.ts';
import { median } from '../measure.ts';
import { BENCH_HEADERS } from '../upstream.ts';

/** Time of one large request and of one large answer, ms, medians; and whether every byte was the same. */
export type BodyResult = { uploadMs: number; downloadMs: number; identical: boolean };

/** Sends and fetches bodies of `megabytes`, targets in turn. */
export async function largeBodies(
  targets: readonly Target[],
  megabytes: number,
  turns: number,
): Promise<Record<string, BodyResult>> {
  const body = largeBody(megabytes);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const result = new Map(
    targets.map((target) => [target.name, { up: [] as number[], down: [] as number[], same: true }]),
  );
  for (let turn = -1; turn < turns; turn += 1) {
    for (const target of targets) {
      const agent = keepAlive(1);
      const seen = result.get(target.name);
      // The upstream echoes what it got, so the answer's hash proves both ways at once.
      const upload = await post(target, { agent, body, headers: { [BENCH_HEADERS.sink]: '1' } });
      const echo = await post(target, {
        agent,
        body,
        hash: turn < 0,
        headers: { [BENCH_HEADERS.echo]: '1' },
      });
      agent.destroy();
      if (turn < 0 && echo.sha256 !== sha256 && seen) seen.same = false;
      if (turn < 0) continue;
      seen?.up.push(upload.ms);
      seen?.down.push(echo.ms - upload.ms);
    }
  }
  return Object.fromEntries(
    [...result].map(([name, seen]) => [
      name,
      { uploadMs: median(seen.up), downloadMs: median(seen.down), identical: seen.same },
    ]),
  );
}
