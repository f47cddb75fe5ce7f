import { CircleDashed, CircleX, Scissors, ShieldX, TriangleAlert } from 'lucide-react';
import type { RequestRow } from '../../shared/request-record.ts';
import type { Tone } from './state-mark.tsx';

type Ending = Pick<RequestRow, 'terminal' | 'status'>;

/** How a request ended, in a word and a colour. */
export function outcomeOf(row: Ending): { word: string; tone: Tone } {
  switch (row.terminal) {
    case 'complete':
      if (row.status === null || row.status < 400) return { word: 'OK', tone: 'serving' };
      return {
        word: `Error ${row.status}`,
        tone: row.status < 500 && row.status !== 429 ? 'cooling' : 'spent',
      };
    case 'refused':
      return { word: 'Refused', tone: 'sign-in' };
    case 'failed':
      return { word: row.status === null ? 'Failed' : `Failed ${row.status}`, tone: 'spent' };
    case 'truncated':
      return { word: 'Cut off', tone: 'spent' };
    case 'client-closed':
      return { word: 'Client left', tone: 'paused' };
  }
}

/** Outcome as shape, colour and word. */
export function OutcomeMark({ row }: { row: Ending }) {
  const { word, tone } = outcomeOf(row);
  return (
    <span className="mark" data-tone={tone}>
      <OutcomeShape row={row} size={13} />
      {word}
    </span>
  );
}

/** The shape alone; whoever uses it says the word too. */
export function OutcomeShape({ row, size }: { row: Ending; size: number }) {
  switch (row.terminal) {
    case 'complete':
      if (row.status !== null && row.status >= 400) return <TriangleAlert size={size} aria-hidden />;
      return (
        <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" fill="currentColor" />
        </svg>
      );
    case 'refused':
      return <ShieldX size={size} aria-hidden />;
    case 'failed':
      return <CircleX size={size} aria-hidden />;
    case 'truncated':
      return <Scissors size={size} aria-hidden />;
    case 'client-closed':
      return <CircleDashed size={size} aria-hidden />;
  }
}
