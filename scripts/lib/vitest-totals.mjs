/**
 * @typedef {{ numPassedTests?: number, numFailedTests?: number,
 *   testResults?: Array<{ status?: string, assertionResults?: unknown[] }> }} VitestReport
 * @typedef {{ passed: number, failed: number }} Totals
 */

/**
 * Counts a Vitest JSON report. A file that failed before its first test counts as one failure.
 * @param {VitestReport | undefined} report undefined when Vitest wrote none
 * @returns {Totals}
 */
export function totalsOf(report) {
  if (!report) return { passed: 0, failed: 1 };
  const files = report.testResults ?? [];
  const broken = files.filter(
    (file) => file.status === 'failed' && (file.assertionResults ?? []).length === 0,
  );
  return { passed: report.numPassedTests ?? 0, failed: (report.numFailedTests ?? 0) + broken.length };
}

/**
 * @param {readonly Totals[]} parts
 * @returns {string} `N passed, N failed`
 */
export function totalsLine(parts) {
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  return `${passed} passed, ${failed} failed`;
}
