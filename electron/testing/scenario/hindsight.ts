import type { Step } from './conversation-cost.ts';
import type { WallWatch } from './wall-watch.ts';

/** What the moves of a conversation come to. */
export type Moves = { readonly moves: number; readonly tokens: number };

/**
 * The fewest moves, and separately the fewest warm tokens left behind, with which a conversation could have been
 * served if it had known from the start when each account would be at its wall. Its questions, their times and the
 * walls are those that really were; the accounts are taken to have room for it wherever they were not at a wall. So
 * nobody can do with fewer moves under these walls; under other walls, that others' moves would have made, perhaps.
 */
export function bestInHindsight(
  steps: readonly Step[],
  accounts: readonly string[],
  { walled }: Pick<WallWatch, 'walled'>,
): Moves {
  const open = steps.map(({ asked, account: served }) =>
    accounts.map(
      (account) =>
        account === served || !walled(account, asked.turn.model, asked.answeredAt, asked.answeredAt),
    ),
  );
  return {
    moves: cheapest(steps, open, () => 1),
    tokens: cheapest(steps, open, ({ warm }) => warm),
  };
}

/** Cost of the cheapest way through all steps; `open[step][account]` says where a step may be served. */
function cheapest(
  steps: readonly Step[],
  open: readonly (readonly boolean[])[],
  costOfMove: (step: Step) => number,
): number {
  let costs: number[] | null = null;
  steps.forEach((step, at) => {
    const before = costs;
    const elsewhere = before === null ? 0 : Math.min(...before) + costOfMove(step);
    costs = (open[at] ?? []).map((isOpen, account) =>
      isOpen ? Math.min(before?.[account] ?? 0, elsewhere) : Number.POSITIVE_INFINITY,
    );
  });
  return Math.min(...(costs ?? [0]));
}
