import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPushEvents } from './push-events.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function pushes() {
  const sent: { name: string; payload: unknown }[] = [];
  return { sent, events: createPushEvents((name, payload) => void sent.push({ name, payload })) };
}

describe('pushes to the window', () => {
  it('are put together to at most four a second, newest slice wins, numbered without gaps', () => {
    const { sent, events } = pushes();
    const proxy = (inFlight: number) => ({
      phase: 'listening' as const,
      port: 1,
      error: null,
      inFlight,
      since: 0,
    });
    for (let n = 0; n < 100; n += 1) {
      events.state({ proxy: proxy(n) });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(sent.map((push) => (push.payload as { rev: number }).rev)).toEqual(
      sent.map((_, index) => index + 1),
    );
    expect(sent.at(-1)?.payload).toMatchObject({ slices: { proxy: { inFlight: 99 } } });
  });

  it('go out at once after a quiet time, and navigation never waits', () => {
    const { sent, events } = pushes();
    events.navigate({ page: 'accounts' });
    expect(sent).toHaveLength(1);
    events.state({ events: [] });
    vi.advanceTimersByTime(0);
    expect(sent).toHaveLength(2);
  });
});
