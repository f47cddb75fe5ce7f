import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildAppWhenChanged, linkNativeModules } from './build-app.mjs';
import { electronInUse } from './find-electron.mjs';
import { NODE_24, ROOT } from './places.mjs';
import { runApplication } from './run-application.mjs';
import { totalsOf } from './vitest-totals.mjs';

/**
 * @typedef {{ ok: boolean, totals?: import('./vitest-totals.mjs').Totals }} Outcome
 * @typedef {{ name: string, run: () => Promise<Outcome> }} Step
 */

/** @type {Step[]} */
const CHECKS = [
  { name: 'lint', run: () => tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings']) },
  { name: 'types', run: () => tool('typescript/bin/tsc', ['-p', 'tsconfig.json']) },
  { name: 'types of the dashboard', run: () => tool('typescript/bin/tsc', ['-p', 'renderer/tsconfig.json']) },
  {
    name: 'types of the end-to-end tests',
    run: () => tool('typescript/bin/tsc', ['-p', 'electron/e2e/tsconfig.json']),
  },
  { name: 'types of the scripts', run: () => tool('typescript/bin/tsc', ['-p', 'scripts/tsconfig.json']) },
  { name: 'unused code', run: () => tool('knip/bin/knip.js', ['--no-progress']) },
];

/**
 * The steps of a test run, in order. With a filter the checks of the whole tree are left out.
 * @param {{ unit: boolean, e2e: boolean, filters: readonly string[] }} wanted
 * @returns {Step[]}
 */
export function testSteps({ unit, e2e, filters }) {
  const checks = unit && filters.length === 0 ? CHECKS : [];
  const units = { name: 'units', run: () => vitest('units', [], filters) };
  const build = { name: 'build', run: buildStep };
  const config = ['--config', 'scripts/vitest.e2e.config.ts'];
  const ends = { name: 'end to end', run: () => vitest('e2e', config, filters) };
  return [...checks, ...(unit ? [units] : []), ...(e2e ? [build, ends] : [])];
}

async function buildStep() {
  await buildAppWhenChanged();
  await linkNativeModules(electronInUse());
  return { ok: true };
}

/**
 * @param {string} name
 * @param {readonly string[]} config
 * @param {readonly string[]} filters
 * @returns {Promise<Outcome>}
 */
async function vitest(name, config, filters) {
  const report = path.join(ROOT, `.cache/vitest-${name}.json`);
  await rm(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const lenient = filters.length > 0 ? ['--passWithNoTests'] : [];
  const { ok } = await tool('vitest/vitest.mjs', ['run', ...config, ...reporters, ...lenient, ...filters]);
  const totals = totalsOf(await readReport(report));
  // An error outside of any test fails the run; the totals must not call that zero.
  if (!ok && totals.failed === 0) totals.failed = 1;
  return { ok: ok && totals.failed === 0, totals };
}

/** @param {string} file */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Runs a tool of node_modules on Node 24.
 * @param {string} entry
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
async function tool(entry, args) {
  const program = path.join(ROOT, 'node_modules', entry);
  const code = await runApplication(NODE_24, [program, ...args], { cwd: ROOT, env: process.env });
  return { ok: code === 0 };
}
