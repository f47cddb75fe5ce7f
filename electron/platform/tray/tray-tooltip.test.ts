import { describe, expect, it } from 'vitest';
import { samplePool, sampleState } from '../testing/sample-state.ts';
import { trayTooltip } from './tray-tooltip.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
type Pool = Parameters<typeof samplePool>[0];
const tooltip = (pool: Pool) => trayTooltip(sampleState({ pool: samplePool(pool) }), NOW);
const forecast = (hoursLeft: number | null, confidence: 'none' | 'fair', words = '') => ({
  forecast: { hoursLeft, confidence, words, expiring: null },
});

describe('tray tooltip', () => {
  it.each<[string, Pool, string]>([
    ['hours of work', forecast(9.2, 'fair'), 'ccflare: 1 of 1 accounts can serve.\nabout 9 h of work left'],
    [
      'less than one',
      forecast(0.4, 'fair'),
      'ccflare: 1 of 1 accounts can serve.\nless than an hour of work left',
    ],
    [
      'hours that some accounts are not in',
      { forecast: { ...forecast(9.2, 'fair').forecast, atLeast: true } },
      'ccflare: 1 of 1 accounts can serve.\nat least 9 h of work left',
    ],
    [
      'little that some accounts are not in',
      { forecast: { ...forecast(0.4, 'fair').forecast, atLeast: true } },
      'ccflare: 1 of 1 accounts can serve.\nless than an hour of known work left',
    ],
    [
      'no end in sight',
      forecast(null, 'fair', 'They last.'),
      'ccflare: 1 of 1 accounts can serve.\nThey last.',
    ],
    ['nothing known', forecast(9, 'none'), 'ccflare: 1 of 1 accounts can serve.'],
  ])('%s', (_, pool, text) => expect(tooltip(pool)).toBe(text));

  it('counts down instead when nobody can serve, and says who waits', () => {
    const backAt = NOW + 132 * 60_000;
    const text = tooltip({
      phase: 'cooling',
      canServe: 0,
      backAt,
      held: 2,
      summary: 'None can serve.',
      ...forecast(9, 'fair'),
    });
    expect(text).toMatch(/^ccflare: None can serve\. Back at .+ \(in 2 h 12 min\)\.\n2 requests wait$/);
  });

  it('fits what Windows shows, with the state first', () => {
    expect(tooltip({ ...forecast(null, 'fair', 'word '.repeat(30)) })).toBe(
      'ccflare: 1 of 1 accounts can serve.',
    );
    expect(tooltip({ summary: 'word '.repeat(60) })).toHaveLength(127);
  });
});
