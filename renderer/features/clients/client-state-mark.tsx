import { CircleDashed, CircleSlash, CircleX, TriangleAlert } from 'lucide-react';
import type { ClaudeCodeState } from '../../../shared/clients.ts';
import type { Tone } from '../../components/state-mark.tsx';

type Phase = ClaudeCodeState['phase'];

const LOOKS: Record<Phase, { word: string; tone: Tone }> = {
  off: { word: 'Not set up', tone: 'paused' },
  on: { word: 'Set up', tone: 'serving' },
  overruled: { word: 'Set up, without effect', tone: 'spent' },
  drifted: { word: 'Changed since', tone: 'cooling' },
  unreadable: { word: 'Cannot be read', tone: 'spent' },
};

/** The state of a client's set-up as shape, colour and word. */
export function ClientStateMark({ phase }: { phase: Phase }) {
  const { word, tone } = LOOKS[phase];
  return (
    <span className="mark" data-tone={tone}>
      <PhaseShape phase={phase} />
      {word}
    </span>
  );
}

function PhaseShape({ phase }: { phase: Phase }) {
  switch (phase) {
    case 'on':
      return (
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" fill="currentColor" />
        </svg>
      );
    case 'off':
      return <CircleDashed size={14} aria-hidden />;
    case 'overruled':
      return <CircleSlash size={14} aria-hidden />;
    case 'drifted':
      return <TriangleAlert size={14} aria-hidden />;
    case 'unreadable':
      return <CircleX size={14} aria-hidden />;
  }
}
