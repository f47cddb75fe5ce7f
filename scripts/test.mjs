// npm test [-- --unit | --e2e] [-- filters for Vitest]
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/main.mjs';
import { prepareElectron } from './lib/prepare.mjs';
import { testSteps } from './lib/test-steps.mjs';
import { totalsLine } from './lib/vitest-totals.mjs';

const args = process.argv.slice(2);
const only = { unit: args.includes('--unit'), e2e: args.includes('--e2e') };
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (interrupted = true));
const filters = args.filter((argument) => argument !== '--unit' && argument !== '--e2e');

await main(async () => {
  await ensurePackages();
  const unit = only.unit || !only.e2e;
  const e2e = only.e2e || !only.unit;
  if (e2e) await prepareElectron({ session: true });
  const results = await runAll(testSteps({ unit, e2e, filters }));
  const failed = results.filter((result) => !result.ok).map((result) => result.name);
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
  console.log(totalsLine(results.flatMap((result) => result.totals ?? [])));
  return failed.length === 0 ? 0 : 1;
});

/**
 * Runs every step, also after one has failed: a reader wants to know all that is wrong. Only what cannot be
 * built is not tested end to end.
 * @param {import('./lib/test-steps.mjs').Step[]} steps
 */
async function runAll(steps) {
  const results = [];
  for (const step of steps) {
    console.log(`\n== ${step.name}`);
    const started = performance.now();
    const outcome = await step.run().catch(asFailure);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`== ${step.name}: ${outcome.ok ? 'passed' : 'FAILED'} in ${seconds} s`);
    results.push({ name: step.name, ...outcome });
    if (interrupted || (step.name === 'build' && !outcome.ok)) break;
  }
  return results;
}

/**
 * @param {unknown} error
 * @returns {import('./lib/test-steps.mjs').Outcome}
 */
function asFailure(error) {
  console.log(error instanceof Error ? error.message : error);
  return { ok: false };
}
