import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../shared/forecast.ts';
import { HOUR, MINUTE, makeForecast, makeReading, NOW } from '../testing/fixtures.ts';
import { LimitBar } from './limit-bar.tsx';

const reading = makeReading('5h', '5-hour window', 0.42, NOW + 3 * HOUR);
const resetAt = NOW + 3 * HOUR;

function show(forecast: Partial<Forecast>, of = reading) {
  const { container } = render(<LimitBar reading={of} forecast={makeForecast({ resetAt, ...forecast })} />);
  return {
    outlook: container.querySelector('.limit-outlook')?.textContent ?? null,
    lighter: container.querySelector<HTMLElement>('.limit-forecast')?.style.width ?? null,
    name: screen.getByRole('img').getAttribute('aria-label'),
  };
}

describe('a limit bar with a forecast', () => {
  it('says when it is empty and when it resets, and how far that can be trusted', () => {
    const emptyAt = NOW + 100 * MINUTE;
    const bar = show({ emptyAt, shareAtReset: 1.3, confidence: 'low' });
    expect(bar.outlook).toBe('empty at 16:40, resets 18:00');
    expect(bar.lighter).toBe('100%');
    expect(bar.name).toContain(
      'Forecast: empty at 16:40, resets 18:00 (from few readings, so it may be far off).',
    );
  });

  it('draws what will be used at the reset when it lasts', () => {
    const bar = show({ shareAtReset: 0.7 });
    expect(bar.outlook).toBe('lasts until its reset');
    expect(bar.lighter).toBe('70%');
  });

  it('says honestly that too little is known', () => {
    const bar = show({ ratePerHour: null, shareAtReset: null, confidence: 'none' });
    expect(bar.outlook).toBe('too few readings to say how long it lasts');
    expect(bar.lighter).toBeNull();
  });

  it.each([
    ['is used up', makeReading('5h', '5-hour window', 1, resetAt)],
    ['has been reset since', makeReading('5h', '5-hour window', 0.4, NOW - MINUTE)],
  ])('foretells nothing of a window that %s', (_, of) => {
    const bar = show({ emptyAt: NOW, shareAtReset: 1.2 }, of);
    expect(bar.outlook).toBeNull();
    expect(bar.lighter).toBeNull();
  });

  it('foretells nothing of a window that the provider refuses, whatever its share', () => {
    const bar = show({ emptyAt: NOW, shareAtReset: null }, { ...reading, status: 'rejected' });
    expect(bar.outlook).toBeNull();
  });
});
