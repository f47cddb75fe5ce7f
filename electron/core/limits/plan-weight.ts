/** Sizes of plans in units of the smallest: the number in a plan's name is how many of those it holds. */
const TIMES = /\b(\d{1,3})x\b/i;

/** Size of a plan compared with others by its name (`Max 5x` is 5); 1 where the name does not say. */
export function planWeight(plan: string | null): number {
  const times = Number(TIMES.exec(plan ?? '')?.[1] ?? 1);
  return times > 0 ? times : 1;
}
