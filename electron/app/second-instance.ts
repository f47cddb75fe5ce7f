import { z } from 'zod';

const handedOver = z.object({
  window: z.boolean().catch(false),
  restoreClients: z.boolean().catch(false),
});

/** What a second start hands over to the app that runs. */
export type Wishes = z.infer<typeof handedOver>;

/** What a second start wants. It comes from outside, so anything that does not fit wishes for nothing. Pure. */
export function wishesOf(other: unknown): Wishes {
  const parsed = handedOver.safeParse(other);
  return parsed.success ? parsed.data : { window: false, restoreClients: false };
}
