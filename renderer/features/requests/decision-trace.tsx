import { ArrowDown, ArrowRightLeft, Check, Hourglass, Minus } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '../../../shared/format.ts';
import type { RequestRecord, TraceAttempt, TraceCandidate } from '../../../shared/request-record.ts';
import type { SessionMove } from '../../../shared/session.ts';
import { MovePrice } from '../../components/move-price.tsx';
import { Time } from '../../components/time.tsx';
import { Waterfall } from './waterfall.tsx';

const DECISIONS = {
  chosen: { word: 'Chosen', icon: Check, tone: 'serving' },
  fallback: { word: 'Next in line', icon: ArrowDown, tone: 'accent' },
  skipped: { word: 'Skipped', icon: Minus, tone: 'paused' },
} as const;

const ACTIONS: Record<TraceAttempt['action'], string> = {
  deliver: 'Answer delivered to the client.',
  retry: 'Tried again on the same account.',
  'next-account': 'Moved on to the next account.',
  stop: 'Stopped here.',
};

/** Why the request went where it went: who was considered, what was waited for, the tries, the move, the result. */
export function DecisionTrace({ record }: { record: RequestRecord }) {
  const { candidates, attempts, conclusion, move, heldMs } = record.trace;
  return (
    <>
      {candidates.length > 0 && <Candidates candidates={candidates} />}
      {heldMs > 0 && <Held ms={heldMs} />}
      <section className="detail-section">
        <h3>Attempts</h3>
        {attempts.length === 0 && <p className="secondary">It was not sent to any account.</p>}
        <ol>
          {attempts.map((attempt, index) => (
            <AttemptStep
              key={`${attempt.accountId} ${attempt.startedMs}`}
              number={index + 1}
              attempt={attempt}
              totalMs={record.durationMs}
            />
          ))}
        </ol>
      </section>
      {move !== null && <Moved move={move} />}
      <section className="detail-section">
        <h3>Result</h3>
        <p className="conclusion">{conclusion}</p>
      </section>
    </>
  );
}

/** How many accounts next in line are shown before one asks: the tries below matter more than the tenth of them. */
const SHOWN_IN_LINE = 3;

function Candidates({ candidates }: { candidates: readonly TraceCandidate[] }) {
  const [all, setAll] = useState(false);
  const inLine = candidates.filter(({ decision }) => decision === 'fallback');
  const later = inLine.slice(SHOWN_IN_LINE);
  const folded = all || later.length < 2 ? [] : later;
  return (
    <section className="detail-section">
      <h3>{candidates.some(isChosen) ? 'Why this account' : 'Why no account'}</h3>
      <p className="secondary small">All accounts, in the order in which they would be tried.</p>
      <ol className="trace-steps">
        {candidates
          .filter((candidate) => !folded.includes(candidate))
          .map((candidate) => (
            <CandidateStep key={candidate.accountId} candidate={candidate} />
          ))}
      </ol>
      {folded.length > 0 && (
        <button type="button" className="link-button small" onClick={() => setAll(true)}>
          Show {folded.length} more in line
        </button>
      )}
    </section>
  );
}

const isChosen = ({ decision }: TraceCandidate): boolean => decision === 'chosen';

/** A wait of ours, before or between the tries. */
function Held({ ms }: { ms: number }) {
  return (
    <p className="trace-note" data-tone="cooling">
      <Hourglass size={14} aria-hidden />
      <span>
        Waited {formatDuration(ms)} for an account to come back or to let it in; nothing was sent meanwhile.
      </span>
    </p>
  );
}

/** By this request its session went on with another account. */
function Moved({ move }: { move: SessionMove }) {
  return (
    <section className="detail-section">
      <h3>Its session moved</h3>
      <div className="trace-note" data-tone="accent">
        <ArrowRightLeft size={14} aria-hidden />
        <div>
          <div>
            From <strong>{move.fromAccountName}</strong> to <strong>{move.toAccountName}</strong>.{' '}
            {sentence(move.reason)}
          </div>
          <MovePrice move={move} />
        </div>
      </div>
    </section>
  );
}

function CandidateStep({ candidate }: { candidate: TraceCandidate }) {
  const { word, icon: Icon, tone } = DECISIONS[candidate.decision];
  return (
    <li className="trace-step" data-decision={candidate.decision} data-tone={tone}>
      <Icon size={14} aria-hidden />
      <div>
        <strong>{candidate.accountName}</strong> <span className="trace-decision small">{word}</span>
        <div className="secondary">
          {candidate.reason}
          {candidate.until !== null && (
            <>
              {' Back '}
              <Time at={candidate.until} show="clock" />.
            </>
          )}
        </div>
      </div>
    </li>
  );
}

type AttemptStepProps = { number: number; attempt: TraceAttempt; totalMs: number };

function AttemptStep({ number, attempt, totalMs }: AttemptStepProps) {
  return (
    <li className="attempt" data-tone={attempt.action === 'deliver' ? 'accent' : 'spent'}>
      <div className="attempt-head">
        <span>
          {number}. {attempt.accountName}
        </span>
        <span className="secondary">{verdictWords(attempt)}</span>
        <span className="secondary small">{timingWords(attempt)}</span>
      </div>
      <Waterfall attempt={attempt} totalMs={totalMs} />
      <div className="small secondary">
        {sentence(attempt.reason)} {ACTIONS[attempt.action]}
      </div>
    </li>
  );
}

function verdictWords({ status, verdict }: TraceAttempt): string {
  const words = verdict.replaceAll(/[_-]/g, ' ');
  return status === null ? words : `${status} ${words}`;
}

function timingWords({ startedMs, headMs, endedMs }: TraceAttempt): string {
  const end = endedMs ?? headMs;
  return end === null ? 'not finished' : formatDuration(end - startedMs);
}

/** Reasons are phrases; beside another sentence they need their full stop. */
function sentence(reason: string): string {
  return reason === '' || /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
