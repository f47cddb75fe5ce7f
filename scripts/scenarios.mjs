// npm run scenarios
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/main.mjs';
import { NODE_24, ROOT } from './lib/places.mjs';
import { runApplication } from './lib/run-application.mjs';

/** Given to itself, so that the scenarios run on Node 24 whatever Node started the script. */
const HERE = '--here';

await main(async () => {
  if (process.argv.includes(HERE)) return await writeTable();
  await ensurePackages();
  const args = ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), HERE];
  return await runApplication(NODE_24, args, { cwd: ROOT, env: process.env });
});

/** The day with every strategy goes into docs/balancing.md. */
async function writeTable() {
  const scenarios = await import('../electron/testing/scenario/day-table.ts');
  const table = scenarios.tableOf(await scenarios.runDays());
  scenarios.writeTable(table);
  console.log(table);
}
