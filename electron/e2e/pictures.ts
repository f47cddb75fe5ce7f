import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const FOLDER = fileURLToPath(new URL('../../test-artifacts/screenshots/', import.meta.url));
const require = createRequire(import.meta.url);

/** Takes a picture of the page in both themes. Kept as artifacts, to be looked at. */
export async function look(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const before = await page.evaluate(() => document.documentElement.dataset.theme ?? '');
  for (const theme of ['light', 'dark']) {
    await page.evaluate((value) => {
      document.documentElement.dataset.theme = value;
    }, theme);
    await page.screenshot({ path: path.join(FOLDER, `${name}-${theme}.png`) });
  }
  await page.evaluate((value) => {
    document.documentElement.dataset.theme = value;
  }, before);
}

/** Serious and critical accessibility problems of what is shown, by rule and place. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // The page's CSP forbids foreign scripts, so the checker goes in through the debugger, as text.
  const { source } = require('axe-core') as { source: string };
  await page.evaluate(`${source}; undefined`);
  const violations = await page.evaluate(async () => {
    type AxeViolation = { id: string; impact: string; nodes: { target: string[] }[] };
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    return (await axe.run()).violations;
  });
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(
      (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
    );
}
