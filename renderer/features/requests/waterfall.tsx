import { formatDuration } from '../../../shared/format.ts';
import type { TraceAttempt } from '../../../shared/request-record.ts';

/** When an attempt waited (grey) and when its answer came (colour), against the whole request. */
export function Waterfall({ attempt, totalMs }: { attempt: TraceAttempt; totalMs: number }) {
  const total = Math.max(1, totalMs, attempt.endedMs ?? 0);
  const head = attempt.headMs ?? attempt.endedMs ?? total;
  const end = attempt.endedMs ?? total;
  const place = (from: number, to: number) => ({
    left: `${(from / total) * 100}%`,
    width: `${(Math.max(0, to - from) / total) * 100}%`,
  });
  return (
    <div
      className="waterfall"
      role="img"
      aria-label={waterfallWords(attempt)}
      title={waterfallWords(attempt)}
    >
      <span className="waterfall-wait" style={place(attempt.startedMs, head)} />
      {end > head && <span className="waterfall-stream" style={place(head, end)} />}
    </div>
  );
}

function waterfallWords({ startedMs, headMs, endedMs }: TraceAttempt): string {
  const started = `Sent after ${formatDuration(startedMs)}`;
  const head = headMs === null ? ', no answer' : `, answer began after ${formatDuration(headMs)}`;
  const end = endedMs === null ? '' : `, over after ${formatDuration(endedMs)}`;
  return `${started}${head}${end}`;
}
