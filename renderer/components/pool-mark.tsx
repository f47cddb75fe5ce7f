import { CircleDashed, Clock, TriangleAlert } from 'lucide-react';
import type { PoolState } from '../../shared/app-state.ts';

/** The pool's state as shape and colour; the words are always beside it. */
export function PoolMark({ phase, size = 14 }: { phase: PoolState['phase']; size?: number }) {
  return (
    <span className="mark" data-tone={TONES[phase]}>
      <PoolShape phase={phase} size={size} />
    </span>
  );
}

const TONES: Record<PoolState['phase'], string> = {
  serving: 'serving',
  cooling: 'cooling',
  down: 'spent',
  empty: 'paused',
};

function PoolShape({ phase, size }: { phase: PoolState['phase']; size: number }) {
  switch (phase) {
    case 'serving':
      return (
        <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" fill="currentColor" />
        </svg>
      );
    case 'cooling':
      return <Clock size={size} aria-hidden />;
    case 'down':
      return <TriangleAlert size={size} aria-hidden />;
    case 'empty':
      return <CircleDashed size={size} aria-hidden />;
  }
}
