import { describe, expect, it } from 'vitest';
import { usablePlace } from './window-place.ts';

const DISPLAY = { x: 0, y: 0, width: 1920, height: 1080 };
const place = (x: number, y: number) => JSON.stringify({ x, y, width: 1180, height: 760 });

describe('window place', () => {
  it('is kept while the title bar can be reached', () => {
    expect(usablePlace(place(100, 80), [DISPLAY])).toEqual({ x: 100, y: 80, width: 1180, height: 760 });
  });

  it.each([
    ['a display that is gone', place(2500, 100)],
    ['above every display', place(100, -500)],
    ['too small', JSON.stringify({ x: 0, y: 0, width: 10, height: 10 })],
    ['not JSON', '{'],
  ])('is dropped when it is %s', (_, stored) => {
    expect(usablePlace(stored, [DISPLAY])).toBeNull();
  });
});
