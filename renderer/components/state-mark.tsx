import { Clock, KeyRound, Pause, TriangleAlert } from 'lucide-react';
import type { AccountState } from '../../shared/account.ts';

/** Colours that states share across the app; each also has a shape and a word. */
export type Tone = 'serving' | 'cooling' | 'spent' | 'sign-in' | 'paused' | 'accent';

type StateLook = { word: string; tone: Tone };

const LOOKS: Record<AccountState, StateLook> = {
  serving: { word: 'Serving', tone: 'serving' },
  ready: { word: 'Ready', tone: 'serving' },
  cooling: { word: 'Cooling', tone: 'cooling' },
  spent: { word: 'Spent', tone: 'spent' },
  'sign-in-needed': { word: 'Sign-in needed', tone: 'sign-in' },
  attention: { word: 'Needs attention', tone: 'cooling' },
  paused: { word: 'Paused', tone: 'paused' },
};

/** The word for a state, as everywhere in the app. */
export function stateWord(state: AccountState): string {
  return LOOKS[state].word;
}

/** An account's state as shape, colour and word; `bare` leaves the word to screen readers. */
export function StateMark({ state, bare = false }: { state: AccountState; bare?: boolean }) {
  const { word, tone } = LOOKS[state];
  return (
    <span className="mark" data-tone={tone}>
      <StateShape state={state} />
      <span className={bare ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}

function StateShape({ state }: { state: AccountState }) {
  switch (state) {
    case 'serving':
      return <Shape circle={4.5} filled />;
    case 'ready':
      return <Shape circle={4} />;
    case 'spent':
      return (
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <rect x="1.5" y="5" width="11" height="4" rx="1.5" fill="currentColor" />
        </svg>
      );
    case 'cooling':
      return <Clock size={14} aria-hidden />;
    case 'sign-in-needed':
      return <KeyRound size={14} aria-hidden />;
    case 'attention':
      return <TriangleAlert size={14} aria-hidden />;
    case 'paused':
      return <Pause size={14} aria-hidden />;
  }
}

function Shape({ circle, filled = false }: { circle: number; filled?: boolean }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle
        cx="7"
        cy="7"
        r={circle}
        fill={filled ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth={filled ? 0 : 2}
      />
    </svg>
  );
}
