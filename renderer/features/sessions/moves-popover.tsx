import { Popover } from '@base-ui/react/popover';
import { ArrowRight, TriangleAlert } from 'lucide-react';
import type { SessionMove } from '../../../shared/session.ts';
import { MovePrice } from '../../components/move-price.tsx';
import { Time } from '../../components/time.tsx';
import { type SessionRow, shortId } from './session-rows.ts';

/** How often a session has moved; opened, when, where, why and at what price. */
export function MovesPopover({ row }: { row: SessionRow }) {
  const count = row.moves.length;
  const lost = row.moves.some(({ accountBound }) => accountBound);
  const words = count === 1 ? '1 move' : `${count} moves`;
  return (
    <Popover.Root>
      <Popover.Trigger
        className="link-button session-moves"
        aria-label={`${words} of session ${shortId(row.id)}${lost ? ', thinking was lost' : ''}`}
      >
        {lost && <TriangleAlert size={12} aria-hidden className="moves-warning" />}
        {count}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" align="end" sideOffset={4} collisionPadding={8}>
          <Popover.Popup className="popup moves-popup">
            <Popover.Title className="moves-title">
              {words} of session {shortId(row.id)} since ccflare started
            </Popover.Title>
            <ol className="moves-list">
              {row.moves.map((move) => (
                <Move key={`${move.at} ${move.toAccountId}`} move={move} />
              ))}
            </ol>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Move({ move }: { move: SessionMove }) {
  return (
    <li>
      <div className="move-way">
        <strong>{move.fromAccountName}</strong>
        <ArrowRight size={13} aria-label="to" role="img" />
        <strong>{move.toAccountName}</strong>
        <Time at={move.at} />
      </div>
      <div>{move.reason}</div>
      <MovePrice move={move} />
    </li>
  );
}
