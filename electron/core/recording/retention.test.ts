import { describe, expect, it } from 'vitest';
import { planRetention } from './retention.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const MIB = 1024 * 1024;

describe('planRetention', () => {
  it('lets rows live for the given number of days', () => {
    const plan = planRetention({ requestRetentionDays: 30, maxArchiveBytes: 512 * MIB }, MIB, NOW);
    expect(plan).toEqual({ removeBefore: Date.UTC(2026, 9, 25, 12), shrinkToBytes: null });
  });

  it('shrinks to well below the bound, and only above it', () => {
    const rules = { requestRetentionDays: 30, maxArchiveBytes: 100 };
    expect(planRetention(rules, 100, NOW).shrinkToBytes).toBeNull();
    expect(planRetention(rules, 101, NOW).shrinkToBytes).toBe(90);
  });
});
