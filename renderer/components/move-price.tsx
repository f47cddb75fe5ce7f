import { TriangleAlert } from 'lucide-react';
import { formatMoney, formatTokens } from '../../shared/format.ts';
import type { SessionMove } from '../../shared/session.ts';

/** What a session's move cost: the cache that had to be written again, and thinking that stayed behind. */
export function MovePrice({ move }: { move: SessionMove }) {
  return (
    <>
      <div className="secondary">{cacheWords(move)}</div>
      {move.accountBound && (
        <div className="move-lost">
          <TriangleAlert size={13} aria-hidden />
          Its model's thinking works only on the account that made it: what it had thought was lost.
        </div>
      )}
    </>
  );
}

function cacheWords({ cacheTokens, costNanoUsd }: SessionMove): string {
  if (cacheTokens === null) return 'What of its prompt was cached there is not known, so it has no price.';
  if (cacheTokens === 0) return 'Its prompt cache was cold, so nothing had to be written again.';
  const tokens = `${formatTokens(cacheTokens)} cached tokens had to be written again`;
  if (costNanoUsd === null) return `${tokens}, at a price that is not known.`;
  return `${tokens}, which cost ${formatMoney(costNanoUsd)} more than reading them.`;
}
