import { describe, expect, it } from 'vitest';
import { totalsLine, totalsOf } from './vitest-totals.mjs';

describe('totals of a test run', () => {
  it('sums the parts into one line', () => {
    const units = totalsOf({ numPassedTests: 40, numFailedTests: 1 });
    const ends = totalsOf({ numPassedTests: 2, numFailedTests: 0 });
    expect(totalsLine([units, ends])).toBe('42 passed, 1 failed');
  });

  it('counts a file that failed before its first test', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const failing = { status: 'failed', assertionResults: [{}] };
    expect(totalsOf({ numPassedTests: 3, numFailedTests: 1, testResults: [broken, failing] })).toEqual({
      passed: 3,
      failed: 2,
    });
  });

  it('takes a missing report for a failure', () => {
    expect(totalsOf(undefined)).toEqual({ passed: 0, failed: 1 });
  });
});
