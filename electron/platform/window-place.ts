import { z } from 'zod';

/** Standard and smallest size of the dashboard, device-independent pixels. */
export const STANDARD_SIZE = { width: 1180, height: 760 };
/** See {@link STANDARD_SIZE}. */
export const SMALLEST_SIZE = { width: 880, height: 600 };

const placeSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(SMALLEST_SIZE.width).max(20_000),
  height: z.number().int().min(SMALLEST_SIZE.height).max(20_000),
});

/** Where the window was. */
export type Place = z.infer<typeof placeSchema>;

/** The stored place, if it is still a sensible one: enough of it on one of the displays to grab the title bar. */
export function usablePlace(stored: string, displays: readonly Place[] | readonly Area[]): Place | null {
  const place = parsePlace(stored);
  if (place === null) return null;
  const visible = displays.some(
    (area) =>
      place.x < area.x + area.width - 100 &&
      place.x + place.width > area.x + 100 &&
      place.y >= area.y - 10 &&
      place.y < area.y + area.height - 60,
  );
  return visible ? place : null;
}

/** A display's area. */
export type Area = { x: number; y: number; width: number; height: number };

function parsePlace(stored: string): Place | null {
  try {
    const parsed = placeSchema.safeParse(JSON.parse(stored));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
